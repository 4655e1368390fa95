import type { Message, Result, StopReason, ToolSpec, Usage } from '../../nouns/index.js'
import type { ModelEvent, ModelRequest } from '../models/index.js'

/** The languages in which agents speak to models over HTTP. */
export type DialectName = 'chat-completions' | 'responses' | 'messages' | 'gemini'

/** A message as it stands in a body: who spoke it, and when, is not in there. */
export type WireMessage = Pick<
  Message,
  'role' | 'content' | 'reasoning' | 'toolCalls' | 'toolCallId' | 'isError' | 'extra'
>

/** What a method and a path ask for. Gemini says in the path which model, and whether to stream; and as one list where `alt=sse` is missing. */
export type Operation =
  | { readonly kind: 'generate'; readonly model?: string; readonly stream?: boolean; readonly list?: boolean }
  | { readonly kind: 'count-tokens'; readonly model?: string }
  | { readonly kind: 'models'; readonly model?: string }

/** A request to generate, in limi's nouns. */
export interface WireRequest {
  readonly model: string
  readonly stream: boolean
  /** Whether the stream is to be one JSON list instead of events. */
  readonly list?: boolean
  /** The system prompt and the conversation, in order. Several tool results in one message of the body are a message each. */
  readonly messages: readonly WireMessage[]
  readonly tools: readonly ToolSpec[]
  /** Whether the first message is for this response alone, and none that the service holds for those after it. */
  readonly hasInstructions?: true
  /** What the messages go on from, where the service itself holds that: an earlier response, or a conversation. */
  readonly continues?: { readonly response?: string; readonly conversation?: string }
  /** Everything else of the body, as it came. */
  readonly params: Readonly<Record<string, unknown>>
  /** Whether the answer must follow a JSON schema. */
  readonly wantsSchema: boolean
}

/** What came back, whole or cut, in limi's nouns. */
export interface WireResponse {
  /** Absent where nothing was said. */
  readonly message?: WireMessage
  readonly model?: string
  /** The provider's own name of the response. */
  readonly id?: string
  readonly usage?: Usage
  readonly stop?: StopReason
  /** False where a stream ended before its last event. */
  readonly complete: boolean
  /** In the provider's words. */
  readonly error?: string
  /** What the nouns have no place for. */
  readonly extra?: Readonly<Record<string, unknown>>
}

export interface ResponseHead {
  /** Random part of the response's id. */
  readonly id: string
  /** Unix seconds. */
  readonly created: number
  /** The name that was asked for: Claude Code forgets the thoughts of a model that answers by another. */
  readonly model: string
}

/** What a model says that goes into a response. */
export type Spoken = Exclude<ModelEvent, { type: 'failure' | 'warning' }>

/** An error of HTTP, before a dialect words it. */
export interface WireProblem {
  /** HTTP status, 4xx or 5xx. */
  readonly status: number
  readonly code: string
  readonly message: string
  /** The request's parameter that it is about, as `messages.0.content`. */
  readonly param?: string | null
}

/** Writes a stream of server-sent events, piece by piece: each string is sent as it is. */
export interface StreamWriter {
  /** `text/event-stream` where it is not given. */
  readonly contentType?: string
  begin(): string
  event(event: Spoken): string
  /** A sign of life while the model is silent. */
  idle(): string
  /** What ends a stream that failed on its way. */
  fail(problem: WireProblem): string
  /** What ends a stream after its `stop` event; warnings in the dialect's own way, or not at all. */
  end(warnings: readonly string[]): string
}

/** One language that agents speak to models, both sides of it. A dialect knows bodies and paths, not sockets. */
export interface WireDialect {
  readonly name: DialectName
  /**
   * `path` without a query, and without what stands before the dialect's own paths. Null: not of this dialect.
   * @param query what stands behind the question mark; not given, it is not known
   */
  operation(method: string, path: string, query?: string): Operation | null
  /**
   * Reads the body of a request to generate, whatever an agent puts there: what is unknown goes into `params` or `extra`. A failure, with the parameter's
   * place in `where`, only for what is no conversation at all.
   * @param body JSON that nests no deeper than recursive readers may be given, as `readJson` bounds it
   */
  readRequest(operation: Operation, body: unknown): Result<WireRequest>
  /** What a model of ours is asked for: the tools that the agent itself runs, the parameters that models know, and the conversation where it is told otherwise than it came. */
  asked(request: WireRequest): Pick<ModelRequest, 'tools' | 'params'> & { readonly messages?: readonly WireMessage[] }
  /** What of a request a model of ours cannot follow, a line each: told to the person who serves it. */
  unfollowed(request: WireRequest): readonly string[]
  /** Reads a body, an event stream or a document as its text says, that may be cut anywhere. Call arguments are the exact text of the body. */
  readResponse(body: string, status: number): WireResponse
  streamWriter(head: ResponseHead, request: WireRequest): StreamWriter
  /** A whole response as one document, and what was odd on the way. */
  wholeResponse(
    head: ResponseHead,
    events: readonly Spoken[],
    warnings: readonly string[],
    request: WireRequest,
  ): unknown
  problem(problem: WireProblem): unknown
  /** The list of models, or, by name, one of them. */
  models(names: readonly string[], one?: string): unknown
}
