import type { Chosen, CuratePlan, Excluded, Query, Selection, TrajectorySource } from '../../nouns/index.js'
import { digestOfValue, isMadeFrom, versionsHere } from '../../shared/project/index.js'
import { byId, compareText, type Candidate } from './candidate.js'
import {
  isMarked,
  LEAK_CONTAINMENT,
  SAME_CONVERSATION,
  SAME_REQUEST,
  sieveBest,
  sieveDuplicates,
  sieveFair,
  sieveGood,
  type Without,
} from './gates/index.js'
import { cellName, cellOf } from './select/cell.js'
import { chooseForCoverage, inSeededOrder } from './select/coverage.js'

/** As many as the paper used (arXiv 2509.17567). */
export const DEFAULT_COUNT = 78

/** Recorded or made in this project. */
const OWN: readonly TrajectorySource['kind'][] = ['built-in', 'recorded']

export interface CurateOptions {
  readonly name: string
  /**
   * - `curated`: those that pass every gate, `count` of them chosen for coverage.
   * - `good`: those that pass every gate but `near-duplicate`: correct demonstrations, however alike; with a count, so many drawn by seed.
   * - `random`: `count` drawn by seed, good or bad.
   * - `all`: everything, good or bad.
   *
   * No method takes what is incomplete, from elsewhere, a leak of a held-out task or taught by a selection that it is to be without.
   */
  readonly method: CuratePlan['method']
  /** `curated` and `random` without one take {@link DEFAULT_COUNT}. */
  readonly count?: number
  readonly seed: number
  /** Ids are unique. */
  readonly trajectories: readonly Candidate[]
  readonly heldOut: readonly Query[]
  /** Whose trajectories may teach; by default those recorded or made in this project. */
  readonly sources?: readonly TrajectorySource['kind'][]
  /** Selections that this one shares nothing with: no trajectory, no query, no request. */
  readonly without?: readonly WithoutSelection[]
  /** Whether, of attempts that were compared, only the marked one is drawn from. */
  readonly best?: boolean
}

export interface WithoutSelection extends Without {
  /** Of what it chose. */
  readonly digest: string
}

export interface Curated {
  readonly selection: Selection
  /** How many fewer could be chosen than were asked for: 0 where there were enough. For the caller to say. */
  readonly shortOf: number
}

interface Picked {
  readonly chosen: readonly Candidate[]
  readonly excluded: readonly Excluded[]
}

/** Chooses which trajectories teach: every one given is either chosen or left out for a reason, once. Deterministic by seed. */
export function curate(options: CurateOptions): Curated {
  const { trajectories, heldOut, sources = OWN, without = [] } = options
  const fair = sieveFair([...trajectories].sort(byId), { heldOut, sources, without })
  const drawn = options.best === true ? sieveBest(fair.passed) : { passed: fair.passed, excluded: [] }
  const picked = pick(drawn.passed, options)
  return {
    selection: {
      format: 'limi.selection/1',
      name: options.name,
      made: { ...madeFrom(options), versions: versionsHere() },
      chosen: picked.chosen.map(chosenOf),
      excluded: [...fair.excluded, ...drawn.excluded, ...picked.excluded].sort((a, b) =>
        compareText(a.trajectory, b.trajectory),
      ),
    },
    shortOf: Math.max(0, (countOf(options) ?? 0) - picked.chosen.length),
  }
}

/** Whether a selection was made of these very trajectories and held-out queries in this very way: then there is nothing to do. */
export function selectionIsCurrent(selection: Selection, options: CurateOptions): boolean {
  const { inputs, parameters } = madeFrom(options)
  return selection.name === options.name && isMadeFrom(selection.made, inputs, parameters)
}

function madeFrom(options: CurateOptions): Pick<Selection['made'], 'inputs' | 'parameters'> {
  const inputs = options.trajectories.map(({ trajectory, digest }) => ({ id: trajectory.id, digest }))
  const heldOut = options.heldOut.map((query) => ({ id: query.id, digest: digestOfValue(query) }))
  const reviews = options.trajectories.flatMap(({ trajectory: { id }, review }) =>
    review === undefined ? [] : [{ id, digest: review.digest }],
  )
  const without = (options.without ?? []).map(({ name, digest }) => ({ id: name, digest }))
  const sorted = <T extends { readonly id: string }>(items: T[]): T[] => items.sort((a, b) => compareText(a.id, b.id))
  return {
    inputs: {
      trajectories: sorted(inputs),
      heldOut: sorted(heldOut),
      ...(reviews.length === 0 ? {} : { reviews: sorted(reviews) }),
      ...(without.length === 0 ? {} : { without: sorted(without) }),
    },
    parameters: {
      method: options.method,
      count: countOf(options),
      seed: options.seed,
      sources: [...(options.sources ?? OWN)].sort(),
      sameRequest: SAME_REQUEST,
      sameConversation: SAME_CONVERSATION,
      leakContainment: LEAK_CONTAINMENT,
      ...(options.best === true ? { best: markedAmong(options.trajectories) } : {}),
    },
  }
}

/** A mark is no part of what was said and done, and so of no digest. */
const markedAmong = (candidates: readonly Candidate[]): string[] =>
  candidates
    .filter(({ trajectory }) => isMarked(trajectory))
    .map(({ trajectory }) => trajectory.id)
    .sort(compareText)

/** How many are wanted; null where all that qualify are. */
function countOf({ method, count }: Pick<CurateOptions, 'method' | 'count'>): number | null {
  if (method === 'all') return null
  return count ?? (method === 'good' ? null : DEFAULT_COUNT)
}

function pick(fair: readonly Candidate[], options: CurateOptions): Picked {
  if (options.method === 'all') return { chosen: fair, excluded: [] }
  if (options.method === 'random') return draw(fair, options)
  const good = sieveGood(fair)
  if (options.method === 'good') return withExcluded(draw(good.passed, options), good.excluded)
  const distinct = sieveDuplicates(good.passed)
  return withExcluded(cover(distinct.passed, options), [...good.excluded, ...distinct.excluded])
}

const withExcluded = (picked: Picked, excluded: readonly Excluded[]): Picked => ({
  chosen: picked.chosen,
  excluded: [...excluded, ...picked.excluded],
})

function draw(candidates: readonly Candidate[], options: CurateOptions): Picked {
  const order = inSeededOrder(candidates, options.seed)
  const count = countOf(options) ?? order.length
  const detail = `${count} of ${order.length} were drawn by seed ${options.seed}`
  return {
    chosen: order.slice(0, count).sort(byId),
    excluded: order.slice(count).map(({ trajectory }) => ({ trajectory: trajectory.id, reason: 'not-drawn', detail })),
  }
}

function cover(candidates: readonly Candidate[], options: CurateOptions): Picked {
  const chosen = chooseForCoverage(candidates, countOf(options) ?? candidates.length, options.seed)
  const taken = new Set(chosen)
  const covering = new Map(chosen.map(({ trajectory }) => [cellName(cellOf(trajectory)), trajectory.id]))
  const excluded = candidates
    .filter((candidate) => !taken.has(candidate))
    .map(({ trajectory }) => ({
      trajectory: trajectory.id,
      reason: 'not-needed',
      detail: whyNotNeeded(trajectory, covering),
    }))
  return { chosen, excluded }
}

function whyNotNeeded(trajectory: Candidate['trajectory'], covering: ReadonlyMap<string, string>): string {
  const cell = cellName(cellOf(trajectory))
  const other = covering.get(cell)
  return other === undefined ? `the count was reached before ${cell}` : `${cell} is covered by ${other}`
}

const chosenOf = ({ trajectory, digest, review }: Candidate): Chosen => ({
  trajectory: trajectory.id,
  digest,
  cell: cellName(cellOf(trajectory)),
  ...(review === undefined ? {} : { messages: [...review.messages], review: review.digest }),
})
