import path from 'node:path'
import { Checkpoint, done, failed, type Failure, type LossPoint, type Result } from '../../nouns/index.js'
import { idsIn, readManifest } from '../../shared/project/index.js'
import { engineOfMade, readBegun, type Begun } from './begun.js'
import { readEvents } from './events.js'
import { progressOf, type Progress } from './progress.js'

/** A process that works on a project. */
export interface Worker {
  readonly pid: number
  readonly host: string
}

/** A run as it stands, from its files alone, so that it can be asked for while another process trains. Null is what is not known. */
export interface RunStatus {
  readonly run: string
  readonly state: 'running' | 'finished' | 'interrupted' | 'failed'
  readonly engine: string
  readonly base: string
  readonly dataset: string
  readonly heldOut: string | null
  readonly step: number
  readonly steps: number | null
  /** Of the last step. */
  readonly loss: number | null
  readonly learningRate: number | null
  readonly heldOutLoss: readonly LossPoint[]
  /** Seen by the optimiser, padding left out. */
  readonly tokens: number
  readonly tokensPerSecond: number | null
  readonly secondsLeft: number | null
  /** The engine's process at its peak. */
  readonly memoryBytes: number | null
  /** Step that `limi train resume` goes on from. */
  readonly saved: number
  readonly attempts: number
  readonly warnings: Progress['warnings']
  /** Why the last attempt ended, where it did not finish. */
  readonly failure: Failure | null
  readonly worker: Worker | null
  /** When the last thing happened, ISO 8601. */
  readonly updated: string | null
  readonly checkpoint: string | null
}

/** `worker` is who holds the project's lock; null where nobody does. Failure: `training.absent`. */
export async function statusOfRun(folder: string, worker: Worker | null): Promise<Result<RunStatus>> {
  const manifest = await readManifest(folder, Checkpoint)
  const begun = await readBegun(folder)
  if (manifest === null && !begun.ok) return begun.failure.code === 'file.absent' ? failed(absent(folder)) : begun
  const read = await readEvents(folder)
  if (!read.ok) return read
  const { unread } = read.value
  const progress = progressOf(read.value.events)
  const status = { ...described(folder, manifest, begun), ...figures(manifest, progress) }
  const said = unread === 0 ? [] : [{ time: progress.updated ?? '', code: 'progress.unread', text: unreadText(unread) }]
  const warnings = [...progress.warnings, ...said]
  if (manifest !== null) return done({ ...status, ...AT_REST, warnings, state: 'finished' })
  const { attempt, ended } = progress
  const works = ended === null && attempt !== null && attempt.pid === worker?.pid && attempt.host === worker.host
  if (works) return done({ ...status, warnings, state: 'running', failure: null, worker })
  const state = ended?.state === 'failed' ? 'failed' : 'interrupted'
  return done({ ...status, ...AT_REST, warnings, state, failure: ended?.failure ?? null })
}

const unreadText = (lines: number): string =>
  `${lines} ${lines === 1 ? 'line' : 'lines'} of events.jsonl could not be read`

const AT_REST = { worker: null, secondsLeft: null, failure: null } as const

function described(folder: string, manifest: Checkpoint | null, begun: Result<Begun>) {
  const made = manifest?.made ?? (begun.ok ? begun.value.made : null)
  const named = (role: string): string | null => made?.inputs[role]?.[0]?.id ?? null
  return {
    run: path.basename(folder),
    engine: made === null ? 'unknown' : engineOfMade(made),
    base: named('base') ?? 'unknown',
    dataset: named('dataset') ?? 'unknown',
    heldOut: named('heldOut'),
    checkpoint: manifest === null ? null : `checkpoint:${manifest.id}`,
  }
}

function figures(manifest: Checkpoint | null, progress: Progress) {
  const last = progress.points.at(-1)
  const point = manifest?.loss.at(-1)
  return {
    step: manifest?.steps ?? last?.step ?? 0,
    steps: manifest?.steps ?? progress.steps,
    loss: point?.loss ?? last?.loss ?? null,
    learningRate: point?.learningRate ?? last?.learningRate ?? null,
    heldOutLoss: manifest?.heldOutLoss ?? progress.heldOut,
    tokens: manifest?.tokens ?? last?.tokens ?? 0,
    tokensPerSecond: progress.tokensPerSecond,
    secondsLeft: leftOf(last),
    memoryBytes: manifest?.memoryBytes ?? progress.memoryBytes,
    saved: manifest?.steps ?? progress.saved,
    attempts: progress.attempts,
    updated: progress.updated ?? manifest?.created ?? null,
  }
}

/** As estimated at the last step, less what has passed since. */
function leftOf(last: Progress['points'][number] | undefined): number | null {
  if (last === undefined || last.secondsLeft === null) return null
  return Math.max(0, last.secondsLeft - (Date.now() - Date.parse(last.time)) / 1000)
}

/** Every run of a `training/` folder, by name; what was moved aside and what cannot be read is not among them. */
export async function statusOfRuns(training: string, worker: Worker | null): Promise<Result<readonly RunStatus[]>> {
  const ids = await idsIn(training, '')
  if (!ids.ok) return ids
  const all = await Promise.all(ids.value.map((id) => statusOfRun(path.join(training, id), worker)))
  return done(all.flatMap((status) => (status.ok ? [status.value] : [])))
}

const absent = (folder: string): Failure => ({
  kind: 'input',
  code: 'training.absent',
  message: `no run is named ${path.basename(folder)}`,
  where: folder,
  remedy: '`limi train status` lists the runs of this project; `limi train --dataset D --run NAME` begins one',
})
