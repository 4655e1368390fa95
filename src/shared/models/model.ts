import type { Failure, Message, StopReason, ToolSpec, Usage } from '../../nouns/index.js'

export interface ModelParams {
  /** New tokens at most. */
  readonly maxTokens?: number
  readonly temperature?: number
  readonly seed?: number
  readonly stop?: readonly string[]
}

export interface ModelRequest {
  readonly messages: readonly Message[]
  readonly tools: readonly ToolSpec[]
  readonly params: ModelParams
}

/** One response, as it arrives. Ends with exactly one `stop` or `failure`. `arguments` is the model's exact text. */
export type ModelEvent =
  | { readonly type: 'text'; readonly text: string }
  | {
      readonly type: 'reasoning'
      readonly text: string
      readonly kind: 'full' | 'summary' | 'hidden'
      readonly signature?: string
    }
  | { readonly type: 'toolCall'; readonly id: string; readonly name: string; readonly arguments: string }
  | { readonly type: 'usage'; readonly usage: Usage }
  /** All that the model wrote, where text, reasoning and calls were read out of it: before the end, and not with every model. */
  | { readonly type: 'raw'; readonly text: string }
  /** Something of the request was left out or changed on its way; `parameter` where the model does not take one. */
  | { readonly type: 'warning'; readonly text: string; readonly parameter?: string }
  | { readonly type: 'stop'; readonly reason: StopReason }
  | {
      readonly type: 'failure'
      readonly failure: Failure
      readonly retryable: boolean
      /** What the API behind said of a request that it does not take. */
      readonly refusal?: Refusal
    }

/** A refused request in the terms of OpenAI's API: which parameter, and why. */
export interface Refusal {
  readonly message: string
  readonly param: string | null
  readonly code: string | null
}

/** Anything that answers a conversation: hosted, an endpoint, a checkpoint, a script. It does not retry by itself. */
export interface ChatModel {
  /** As the user named it, for example `openai:gpt-5` or `checkpoint:curated`. */
  readonly name: string
  stream(request: ModelRequest, signal?: AbortSignal): AsyncIterable<ModelEvent>
}

/** A model that holds something open (a server, a process) until closed. */
export interface OpenModel {
  readonly model: ChatModel
  close(): Promise<void>
}
