import type { DatasetManifest, Sample } from '../../../nouns/index.js'
import type { Conversation } from '../conversation/index.js'

export interface ExportRow {
  readonly sample: Sample
  /** Present where the exporter names a writer: the sample's messages, and the line that the writer made of them. */
  readonly said?: { readonly conversation: Conversation; readonly line: string }
}

/** In what the engine that reads a row would train otherwise than the sample says, as far as the format alone tells. */
export interface RowDifference {
  /** Stable: `context-trains`, `stop-trains`, `reasoning-left-out`, `reasoning-in-content`. */
  readonly code: string
  /** In how many messages of the sample. */
  readonly messages: number
}

export interface EncodedRow {
  /** The bytes that are due now; none where rows are kept back until a group of them is full. */
  readonly data: string | Uint8Array
  readonly differences: readonly RowDifference[]
}

export interface RowEncoder {
  row(row: ExportRow): EncodedRow
  /** What is left when all rows are in. */
  end(): string | Uint8Array
}

/** Writes the samples of a dataset, in order, in a form that one training engine reads. */
export interface DatasetExporter {
  readonly format: string
  /** The export format of trajectories whose writer makes a row of the sample's messages; a row is ids and labels where not given. */
  readonly writer?: string
  /** What the file of rows is called by the dataset's name. */
  fileName(dataset: string): string
  /** Files that lie beside the rows, by name. Where there are any, an export is a folder. */
  companions?(dataset: string): Readonly<Record<string, string>>
  encoder(): RowEncoder
  /** What the engine must be told so that it trains these rows and nothing else, a line each. */
  advice(dataset: Pick<DatasetManifest, 'id' | 'samples' | 'maxTokens'>): readonly string[]
}
