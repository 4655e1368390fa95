import type { Part } from '../../../nouns/index.js'

/** A block of a message's content: what has a `type`. */
export type Block = Part
/** What a body holds as content; some programs write texts bare into its list. */
export type Content = string | readonly (Block | string)[] | null | undefined
