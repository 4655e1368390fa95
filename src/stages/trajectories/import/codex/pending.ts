import type { Message } from '../../../../nouns/index.js'
import type { Fields } from '../values.js'
import type { Item } from './item.js'
import type { Context } from './response.js'

/** The response at hand: its items, what its tools gave back, and the tokens that were counted for it. */
export interface Pending {
  readonly id: string
  readonly context: Context
  readonly items: Item[]
  readonly outputs: Message[]
  readonly records: readonly unknown[]
  readonly isCopy: boolean
  counted: Fields | null
  /** Whether the turn was broken off before the response had ended. */
  isCut: boolean
  /** Of its lines. */
  bytes: number
}
