import type {
  Amendment,
  Failure,
  Result,
  Trajectory,
  TrajectoryEvent,
  TrajectoryHeader,
  Usage,
} from '../../../nouns/index.js'
import type { Oddities } from './oddities.js'

/** The beginning of a file, enough to tell its format by. */
export interface SourceHead {
  readonly path: string
  /** At most {@link HEAD_BYTES}. */
  readonly bytes: Buffer
  /** The same as UTF-8, decoded leniently, without a byte order mark. */
  readonly text: string
}

/** One file to read. */
export interface ImportSource {
  /** As given by the user. */
  readonly path: string
  readonly bytes: number
  readonly head: SourceHead
  /** Largest JSON value, in bytes, that is read as a whole: a document, or an element of a streamed one. */
  readonly maxDocumentBytes: number
  readonly signal?: AbortSignal
}

/** What a header holds before the import adds id, format and source files. */
export type ImportHeader = Omit<TrajectoryHeader, 'type' | 'format' | 'id' | 'source' | 'tags'> & {
  readonly source: { readonly agent: string; readonly model: string; readonly [more: string]: unknown }
  readonly tags?: Readonly<Record<string, string>>
}

/** What a trajectory consists of; its end is an item of its own. */
export type ImportEvent = Exclude<TrajectoryEvent, { type: 'end' | 'amend' }>

/** A file read besides the source. */
export interface SourceFile {
  readonly path: string
  readonly digest: string
}

/**
 * What an importer yields, in this order for each trajectory: `begin`, its events, `end`.
 * `rejected` says that the record at hand cannot be read; a trajectory that has begun is thrown away with it, and the next may begin.
 */
export type ImportItem =
  | {
      readonly kind: 'begin'
      /** 0-based place in its source: with the source's bytes it makes the id. */
      readonly index: number
      readonly header: ImportHeader
      /** The importer goes on counting in it until the end. */
      readonly oddities: Oddities
      readonly besides?: readonly SourceFile[]
      /** What limi itself recorded: its events are kept as they are, and it has the id that it was given then, where that is told. */
      readonly recorded?: { readonly id?: string }
    }
  | { readonly kind: 'event'; readonly event: ImportEvent }
  /** `amendment`: what the header did not know yet. `isCut`: the source ends before the session did. */
  | { readonly kind: 'end'; readonly amendment?: Amendment; readonly usage?: Usage; readonly isCut?: boolean }
  | { readonly kind: 'rejected'; readonly failure: Failure }

/** Several items at once, where a step each would take longer than the work; they are bounded in memory like one. */
export type ImportItems = readonly ImportItem[]

/** A trajectory without what every import gives it: id, format, source files, completeness. */
export type TrajectoryDraft = Omit<Trajectory, 'format' | 'id' | 'source' | 'complete' | 'cutAt'> & {
  readonly source: ImportHeader['source']
}

/** A whole trajectory in memory: the simple way for a format whose trajectories are documents. See `itemsOf`. */
export interface ReadTrajectory {
  readonly index: number
  readonly draft: TrajectoryDraft
  readonly oddities: Oddities
  readonly besides?: readonly SourceFile[]
}

/** A file that lies beside a format's own. */
export interface Companion {
  /** Matched against its path, with forward slashes. */
  readonly path: RegExp
  /** Why it is passed over inside a folder. */
  readonly why: string
}

/**
 * Reads one format that trajectories lie in. It only translates: that results find their calls, that arguments parse, that an answer
 * ends it, and what is missing is examined for every format alike, in `inspect`.
 */
export interface TrajectoryImporter {
  readonly format: string
  /** Endings of file names, with the dot, that are looked at inside a folder. A file given by name is always looked at. */
  readonly extensions: readonly string[]
  /** Files that lie beside this format's own and hold no trajectory. */
  readonly companions: readonly Companion[]
  /** 0 to 1: how sure it is that this is its format. */
  detect(head: SourceHead): number
  /** Other files that reading this one takes in, so that they are not imported a second time by themselves. */
  partsOf?(head: SourceHead): Promise<readonly string[]>
  /** An error of the disk is thrown. */
  read(source: ImportSource): AsyncIterable<ImportItem | ImportItems>
}

export const HEAD_BYTES = 64 << 10

/** The items of a trajectory that is wholly in memory, or of a record that could not be read. */
export function* itemsOf(read: Result<ReadTrajectory>): Generator<ImportItem> {
  if (!read.ok) {
    yield { kind: 'rejected', failure: read.failure }
    return
  }
  const { index, draft, oddities, besides } = read.value
  const { threads, asides, tools, rounds, outcome, usage, ...header } = draft
  yield { kind: 'begin', index, header, oddities, besides }
  for (const event of eventsIn({ threads, asides, tools, rounds, outcome })) yield { kind: 'event', event }
  yield { kind: 'end', usage }
}

function* eventsIn(
  draft: Pick<Trajectory, 'threads' | 'asides' | 'tools' | 'rounds' | 'outcome'>,
): Generator<ImportEvent> {
  for (const [digest, tools] of Object.entries(draft.tools)) yield { type: 'tools', digest, tools: [...tools] }
  for (const { messages, ...thread } of draft.threads) {
    yield { ...thread, type: 'thread' }
    for (const message of messages) yield { type: 'message', thread: thread.id, message }
  }
  for (const aside of draft.asides) yield { type: 'aside', aside }
  for (const record of draft.rounds) yield { type: 'round', record }
  yield { type: 'outcome', outcome: draft.outcome }
}
