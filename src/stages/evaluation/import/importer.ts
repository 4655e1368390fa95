import type { Failure, Result, Trajectory } from '../../../nouns/index.js'

/** One evaluation to read: a file or a folder. */
export interface EvaluationSource {
  /** As given by the user. */
  readonly path: string
  readonly isFolder: boolean
  /** The first bytes of a file, as Latin-1; empty for a folder. */
  readonly head: string
  /** Of its bytes. */
  readonly digest: string
}

/** Whether it begins as a ZIP archive does. */
export const isArchive = ({ head }: EvaluationSource): boolean => head.startsWith('PK\x03\x04')

/** What decides how scores are read; an import with other settings is another one. */
export interface ScoreSettings {
  /** Which scorer says whether a trial passed; the log's own headline, or its first, where not given. */
  readonly scorer?: string
  /** The full score, where scorers give numbers; 1 where not given. */
  readonly maxScore?: number
}

/** Where an import came from; recorded in manifest and plan. */
export interface Imported {
  /** As given. */
  readonly path: string
  readonly digest: string
  readonly format: string
  readonly settings: ScoreSettings
}

/** An empty folder that is to become the evaluation. */
export interface ImportTarget {
  readonly id: string
  readonly folder: string
  readonly imported: Imported
  readonly settings: ScoreSettings
  /** Stores a conversation with the evaluation. */
  keep(trajectory: Trajectory): Promise<Result<unknown>>
  readonly signal?: AbortSignal
}

export interface WrittenEvaluation {
  /** Records of the source that could not be read; the others were. */
  readonly rejected: readonly Failure[]
  /** What a person should know: what is missing, and what has no place here. */
  readonly notes: readonly string[]
}

/** A source whose beginning could be read. */
export interface OpenEvaluation {
  /** The readable part of its id. */
  readonly name: string
  /** Writes trials, conversations and plan, and the manifest last. A failure: nothing of it can be had. */
  write(target: ImportTarget): Promise<Result<WrittenEvaluation>>
  close(): Promise<void>
}

/** Reads one format that evaluations lie in. */
export interface EvaluationImporter {
  readonly format: string
  /** Whether this is its format, by name and beginning. */
  detect(source: EvaluationSource): Promise<boolean>
  open(source: EvaluationSource): Promise<Result<OpenEvaluation>>
}

/** The largest piece that is held as a whole, in bytes: a document, or a member of an archive. */
export const MAX_PIECE_BYTES = 200 << 20
