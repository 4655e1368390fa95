import type { SampleFigures } from '../../../nouns/index.js'

export interface SampleRow {
  readonly id: string
  readonly category: string
  readonly tokens: number
  readonly trainedTokens: number
}

/** What the page of a dataset shows. */
export interface DatasetReport {
  readonly name: string
  readonly model: string
  /** Family of its chat template. */
  readonly template: string
  readonly created: string
  readonly proof: 'ok' | 'failed'
  readonly total: SampleFigures
  readonly categories: readonly (SampleFigures & { readonly name: string })[]
  /** Samples by length: bins in tokens, half-open. */
  readonly lengths: readonly { readonly from: number; readonly to: number; readonly samples: number }[]
  readonly samples: readonly SampleRow[]
  readonly excluded: readonly { readonly trajectory: string; readonly reason: string }[]
  readonly notes: readonly { readonly sample: string; readonly code: string; readonly message: string }[]
}

/** One message of a sample with all that the template prints around it. */
export interface SampleMessage {
  /** Null for what the template prints before the first message. */
  readonly message: string | null
  readonly role: string | null
  readonly tokens: readonly { readonly text: string; readonly trains: boolean }[]
  /** Set for a message that a review cut: it is not in the sample, and this is what it said. */
  readonly cut?: string
}

/** What the page of one sample shows. */
export interface SampleReport {
  readonly dataset: string
  readonly model: string
  readonly id: string
  readonly trajectory: string
  readonly tokens: number
  readonly trainedTokens: number
  readonly messages: readonly SampleMessage[]
}
