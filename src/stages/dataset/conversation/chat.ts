/** A message as chat templates take it (the form of OpenAI's chat completions). */
export interface ChatMessage {
  readonly role: string
  readonly content: string
  readonly reasoning_content?: string
  readonly tool_calls?: readonly ChatToolCall[]
  readonly tool_call_id?: string
}

export interface ChatToolCall {
  readonly id: string
  readonly type: 'function'
  /** Arguments parsed, as transformers' templates expect; the text where it does not parse. */
  readonly function: { readonly name: string; readonly arguments: unknown }
}

export interface ToolDefinition {
  readonly type: 'function'
  readonly function: { readonly name: string; readonly description?: string; readonly parameters?: unknown }
}

export interface ConversationMessage {
  /** The trajectory's own id of the message. */
  readonly id: string
  readonly chat: ChatMessage
  /** Arguments of its calls as they were emitted, for templates that print them as they are given; in the order of the calls. */
  readonly argumentTexts?: readonly string[]
  /** Whether what the model emitted here trains; only ever true for the assistant. */
  readonly trains: boolean
  /** False where a limit cut the model short: then the stop token in the rendering is the template's, not the model's. */
  readonly stopped: boolean
}

/** What is rendered as a whole. */
export interface Conversation {
  readonly messages: readonly ConversationMessage[]
  readonly tools: readonly ToolDefinition[] | null
  /** When it was had, for templates that print the date; null where not known. */
  readonly now: Date | null
}
