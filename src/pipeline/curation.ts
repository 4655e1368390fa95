import {
  FailureError,
  unwrap,
  type CuratePlan,
  type Failure,
  type Query,
  type RunPlan,
  type Selection,
} from '../nouns/index.js'
import { digestOfValue, placeOf } from '../shared/project/index.js'
import {
  curate,
  readSelection,
  selectionIsCurrent,
  writeSelection,
  type WithoutSelection,
} from '../stages/curation/index.js'
import type { Pool, PoolMember } from './trajectories/pool.js'
import { withoutDoubles } from './queries/held-out.js'
import type { GatheredQueries } from './queries/queries.js'
import { among, checkChosen, chosenTrajectories } from './dataset/chosen.js'
import { withReviews } from './dataset/reviews.js'
import { selectionOf } from './dataset/sources.js'
import { absent, asItLies, type Made, type Run } from './run.js'
import type { ByArm } from './stages.js'

/** Stage 3: which of the pool teach, and why the others do not. One selection a plan. */
export async function curatePool(
  run: Run,
  plan: RunPlan,
  pool: Pool,
  queries: GatheredQueries,
): Promise<Made<ByArm<Selection>>> {
  const heldOut = withoutDoubles(queries.ownHeldOut, queries.heldOut)
  const made: [string, Made<Selection>][] = []
  for (const one of plan.curation) made.push([one.name, await curateInto(run, one, plan.seed, pool.members, heldOut)])
  return {
    value: Object.fromEntries(made.map(([name, selection]) => [name, selection.value])),
    kept: made.every(([, selection]) => selection.kept),
  }
}

/** Makes one selection, or keeps the one made of the same trajectories and reviews by the same plan: a person may have edited it. */
export async function curateInto(
  run: Run,
  plan: CuratePlan,
  seed: number,
  members: readonly PoolMember[],
  heldOut: readonly Query[],
): Promise<Made<Selection>> {
  const { campaigns } = plan
  const file = unwrap(placeOf(run.project.paths.selections, plan.name, '.yaml'))
  const before = await readSelection(file)
  if (!before.ok && before.failure.code !== 'file.absent') throw new FailureError(before.failure)
  if (asItLies(run, 'curation')) {
    if (before.ok) return { value: before.value, kept: true }
    throw new FailureError(absent('curation', `selection ${plan.name}`))
  }
  const inside = ({ trajectory }: PoolMember): boolean =>
    campaigns === undefined ||
    trajectory.source.kind !== 'built-in' ||
    campaigns.includes(trajectory.tags['campaign'] ?? '')
  const reviewed = unwrap(await withReviews(run, members))
  const without = await chosenBy(run, plan, members)
  const request = { ...plan, seed, trajectories: reviewed.filter(inside), heldOut, without }
  if (before.ok && selectionIsCurrent(before.value, request)) return { value: before.value, kept: true }
  const made = curate(request)
  if (made.shortOf > 0)
    run.warn(`selection ${plan.name}: ${made.selection.chosen.length} chosen, ${made.shortOf} fewer than asked for`)
  unwrap(await writeSelection(file, made.selection))
  return { value: made.selection, kept: false }
}

/** What the selections chose that this one is to be without; each must still be as it was chosen, or nobody knows what it teaches. */
async function chosenBy(
  run: Run,
  { name, without = [] }: CuratePlan,
  members: readonly PoolMember[],
): Promise<readonly WithoutSelection[]> {
  if (without.includes(name)) throw new FailureError(withoutItself(name))
  const found: WithoutSelection[] = []
  for (const other of new Set(without)) {
    const selection = unwrap(await selectionOf(run, other))
    unwrap(await checkChosen(unwrap(await chosenTrajectories(run, selection, among(members)))))
    const chosen = new Set(selection.chosen.map(({ trajectory }) => trajectory))
    // As they were recorded: a review may cut what was asked.
    const trajectories = members.map(({ trajectory }) => trajectory).filter(({ id }) => chosen.has(id))
    found.push({ name: other, digest: digestOfValue(selection.chosen), trajectories })
  }
  return found
}

const withoutItself = (name: string): Failure => ({
  kind: 'input',
  code: 'selection.without-itself',
  message: `a selection cannot be without what it chooses itself: ${name}`,
  where: '--without',
  remedy: 'give one of the two another name',
})
