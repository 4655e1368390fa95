import type { Edit } from './edits.js'

/** A family of chat templates: where to put markers into the template that a model brings, and what else is known of it. */
export interface Family {
  readonly name: string
  /** They add `{% generation %}` tags and message marks, and leave what is printed as it was. */
  readonly edits: readonly Edit[]
  /** Texts of which one ends what the model emits when it stops by itself. */
  readonly stops: readonly string[]
  readonly form?: MessageForm
  /** Set where the model stops by emitting the tag of whoever speaks next: these tags. */
  readonly nextTags?: NextTags
}

export interface NextTags {
  readonly afterCalls: string
  readonly afterAnswer: string
}

/** How the family's templates want messages, where that is not the usual form of chat completions. */
export interface MessageForm {
  /** Arguments are JSON text: the template prints them as they are. */
  readonly argumentsAsText?: true
}
