import type { Failure } from '../../../nouns/index.js'

/** An assistant message whose span could not be proved, and why. */
export interface Unproved {
  readonly message: string
  readonly failure: Failure
}
