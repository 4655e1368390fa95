import type { Result } from '../../../../nouns/index.js'
import type { ChatMessage } from '../../conversation/index.js'

/** One conversation to be proved. */
export interface Case {
  readonly messages: readonly ChatMessage[]
  /** The real rendering. */
  readonly whole: string
  /** Prints messages by the model's own template. */
  readonly print: (messages: readonly ChatMessage[], generationPrompt: boolean) => Result<string>
  /** Texts of the tokens that end what this model emits. */
  readonly stops: readonly string[]
}
