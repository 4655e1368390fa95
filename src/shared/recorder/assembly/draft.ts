import type { Thread } from '../../../nouns/index.js'
import type { Entry, Node } from './history.js'
import type { SystemPrompt } from './systems.js'

/** What stands in a thread: an atom that a request showed first, or the answer of a call. */
export type Item =
  | { readonly kind: 'shown'; readonly node: Node; readonly entry: Entry; readonly isRebuilt: boolean }
  | { readonly kind: 'said'; readonly entry: Entry }

/** The last item before something; -1 before the first. */
export interface Place {
  readonly thread: Draft
  readonly at: number
}

export type Relation = NonNullable<Thread['parent']>['relation']

/** Where a thread hangs. `answer`: on the answer with this call; otherwise on a place, or on the end of a thread. */
export interface Hanging {
  readonly relation: Relation
  readonly thread: Draft
  readonly at?: number
  readonly answer?: Entry
  readonly toolCall?: string
}

/** A thread before its messages are written. */
export interface Draft {
  readonly id: string
  readonly parent?: Hanging
  /** The first request's; an edit shares it with its parent. */
  readonly system: SystemPrompt
  readonly space: string
  /** In a sub-agent's thread no person speaks. */
  readonly isSubagent: boolean
  readonly items: Item[]
  readonly notes: Record<string, unknown>
}

export const isTip = ({ thread, at }: Place): boolean => at === thread.items.length - 1
