import { done, failed, FailureError, type Failure, type Result, type Trajectory } from '../../nouns/index.js'
import { holdHeapSmall } from '../../shared/memory/index.js'
import { onModelMessages, stretchesOf } from './conversation/index.js'
import { certifyByShape, type Certify } from './histories/index.js'
import type { DatasetModel } from './model.js'
import type { Note } from './notes.js'
import { piecesOf, type Piece } from './piece.js'
import { tooLong, type DatasetOptions, type Problem } from './plan.js'
import { trainsOnce } from './prove/once.js'
import { makeSample, type MadeSample } from './sample.js'
import { tokeniseRendered, type Tokenised } from './tokenised.js'
import { describeWindows, splitWindows } from './windows/index.js'

export type Trajectories = Iterable<Trajectory> | AsyncIterable<Trajectory>

/** All samples of one trajectory, or the reason why it makes none. */
export type Yield =
  | { readonly trajectory: string; readonly samples: readonly MadeSample[]; readonly notes: readonly Note[] }
  | { readonly trajectory: string; readonly problem: Problem; readonly policy: 'error' | 'exclude' }

/** Beyond so many tokens a dataset is made with a small heap. */
const LONG_TOKENS = 2_000_000

export interface CollectOptions extends Pick<DatasetOptions, 'maxTokens' | 'overflow' | 'unfit' | 'threads' | 'rule'> {
  /** Which messages' prompts need no rendering of their own; where not given, those whose arrival the template was seen to leave alone. */
  readonly certify?: Certify
}

/**
 * Makes the samples of each trajectory in order. A trajectory is in with all its stretches or not at all.
 * An id that comes twice ends it with `dataset.duplicate`, a failure that the trajectories throw with that failure.
 */
export async function* collectSamples(
  model: DatasetModel,
  trajectories: Trajectories,
  options: CollectOptions,
): AsyncGenerator<Result<Yield>> {
  try {
    yield* collectEach(model, trajectories, options)
  } catch (error) {
    if (!(error instanceof FailureError)) throw error
    yield failed(error.failure)
  }
}

async function* collectEach(
  model: DatasetModel,
  trajectories: Trajectories,
  options: CollectOptions,
): AsyncGenerator<Result<Yield>> {
  const seen = new Set<string>()
  let tokens = 0
  for await (const trajectory of trajectories) {
    const made = await samplesOf(model, trajectory, options)
    const ids = 'samples' in made ? made.samples.map(({ sample }) => sample.id) : []
    const own = new Set([trajectory.id, ...ids])
    const twice = [...own].find((id) => seen.has(id)) ?? ids.find((id, index) => ids.indexOf(id) !== index)
    if (twice !== undefined) {
      yield failed(duplicate(twice))
      return
    }
    for (const id of own) seen.add(id)
    tokens += 'samples' in made ? made.samples.reduce((sum, { proof }) => sum + proof.tokens, 0) : 0
    if (tokens > LONG_TOKENS) holdHeapSmall()
    yield done(made)
  }
}

/** The samples of one trajectory. */
export async function samplesOf(model: DatasetModel, trajectory: Trajectory, options: CollectOptions): Promise<Yield> {
  const { overflow = 'error', unfit = 'error', threads = 'main', rule = onModelMessages } = options
  const line = stretchesOf(trajectory, rule, threads)
  const samples: MadeSample[] = []
  const notes: Note[] = [...line.notes]
  const long: TooLong[] = []
  const refuse = (failure: Failure, policy: 'error' | 'exclude'): Yield => ({
    trajectory: trajectory.id,
    problem: { trajectory: trajectory.id, failure },
    policy,
  })
  for (const stretch of line.stretches) {
    const split = piecesOf(model, trajectory, stretch, rule, options.certify ?? certifyByShape)
    if (!split.ok) return refuse(split.failure, unfit)
    if (split.value.pieces.length === 0) notes.push(nothingTrains(stretch.id))
    notes.push(...split.value.notes)
    for (const piece of split.value.pieces) {
      const made = await fromPiece(model, piece, options)
      if (!made.ok) return refuse(made.failure, unfit)
      samples.push(...made.value.samples)
      notes.push(...made.value.notes)
      long.push(...made.value.long)
    }
  }
  if (long.length > 0) return refuse(tooLong(long, options.maxTokens), overflow === 'exclude' ? 'exclude' : 'error')
  if (samples.length === 0) return refuse(untrained(trajectory), unfit)
  const proofs = samples.map(({ proof }) => proof)
  const once = { 'messages-train-once': trainsOnce(trajectory, rule, threads, proofs) }
  const proved = samples.map((made) => ({
    ...made,
    proof: { ...made.proof, checks: { ...made.proof.checks, ...once } },
  }))
  return { trajectory: trajectory.id, samples: proved, notes: [...notes, ...samples.flatMap((made) => made.notes)] }
}

interface TooLong {
  readonly sample: string
  readonly tokens: number
}

interface FromPiece {
  readonly samples: readonly MadeSample[]
  readonly notes: readonly Note[]
  readonly long: readonly TooLong[]
}

/** One sample, its windows where it is too long and is to be split, or its length where it is too long. */
async function fromPiece(
  model: DatasetModel,
  piece: Piece,
  { maxTokens, overflow = 'error', certify = certifyByShape }: CollectOptions,
): Promise<Result<FromPiece>> {
  const whole = await tokeniseRendered(model, piece.conversation, piece.rendered)
  if (!whole.ok) return failed({ where: piece.id, ...whole.failure })
  const tokens = whole.value.encoded.ids.length
  if (tokens <= maxTokens) return asSamples(model, [{ piece, tokenised: whole.value }], [])
  if (overflow !== 'split') return done({ samples: [], notes: [], long: [{ sample: piece.id, tokens }] })
  const windows = await splitWindows(model, piece, whole.value, maxTokens, certify)
  if (!windows.ok) return windows
  const message = describeWindows(piece, tokens, maxTokens, windows.value)
  return asSamples(model, windows.value, [{ sample: piece.id, code: 'windows', message }])
}

async function asSamples(
  model: DatasetModel,
  tokenised: readonly { readonly piece: Piece; readonly tokenised: Tokenised }[],
  notes: readonly Note[],
): Promise<Result<FromPiece>> {
  const samples: MadeSample[] = []
  for (const each of tokenised) {
    const made = await makeSample(model, each.piece, each.tokenised)
    if (!made.ok) return made
    samples.push(made.value)
  }
  return done({ samples, notes, long: [] })
}

const nothingTrains = (sample: string): Note => ({
  sample,
  code: 'nothing-trains',
  message: 'none of its messages was emitted by the model and is to train: it makes no sample',
})

const duplicate = (id: string): Failure => ({
  kind: 'input',
  code: 'dataset.duplicate',
  message: `${id} is given twice: a sample may teach once only`,
  where: id,
  remedy: 'name each trajectory once in the selection',
})

const untrained = ({ id, threads }: Trajectory): Failure => ({
  kind: 'input',
  code: 'sample.untrained',
  message:
    threads.length === 0
      ? 'the trajectory has no messages'
      : 'no token of this trajectory trains: none of its messages was emitted by the model',
  where: id,
  remedy: 'leave this trajectory out of the selection, or mark a message of it to train in its review',
})
