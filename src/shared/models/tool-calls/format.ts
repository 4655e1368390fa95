import type { StopReason, ToolSpec } from '../../../nouns/index.js'

/** A piece of what a model said, told apart. `arguments` is JSON in the model's own text, or what it wrote instead. */
export type Piece =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'reasoning'; readonly text: string }
  /** `id` where the family's template asks for ids of a form; else any is made up. */
  | { readonly type: 'toolCall'; readonly name: string; readonly arguments: string; readonly id?: string }
  | { readonly type: 'warning'; readonly text: string }

/** Reads one answer as it arrives. Whatever chunks the text comes in, the pieces add up to the same. */
export interface Reader {
  feed(text: string): readonly Piece[]
  /** What was held back. The reason tells a call that the limit cut off from one that the end token closed. */
  end(reason: StopReason): readonly Piece[]
}

export interface ReadRequest {
  /** What the model may call. Where there is nothing, text that looks like a call stays text. */
  readonly tools: readonly ToolSpec[]
  /** Whether the prompt has opened the model's reasoning already. */
  readonly startsInReasoning: boolean
}

/** How a family of models writes reasoning and calls. */
export interface AnswerFormat {
  readonly name: string
  readonly readsCalls: boolean
  /** Whether its marks are special tokens, which a server must leave in the text. */
  readonly marksAreSpecial: boolean
  open(request: ReadRequest): Reader
}

export const text = (said: string): readonly Piece[] => (said === '' ? [] : [{ type: 'text', text: said }])

export const reasoning = (thought: string): readonly Piece[] =>
  thought === '' ? [] : [{ type: 'reasoning', text: thought }]

/** A call that cannot be read stays in the content, for the agent to see what the model tried. */
export const unread = (raw: string, why: string): readonly Piece[] => [
  { type: 'warning', text: `a tool call ${why}; it stands in the content as the model wrote it` },
  { type: 'text', text: raw },
]

/** Length of the longest end of `held` that one of the marks begins with. */
export function beginningLength(held: string, marks: readonly string[]): number {
  const longest = Math.min(held.length, Math.max(...marks.map((mark) => mark.length)) - 1)
  for (let length = longest; length > 0; length -= 1) {
    const end = held.slice(-length)
    if (marks.some((mark) => mark.length > length && mark.startsWith(end))) return length
  }
  return 0
}

/** The first of the marks in a text, and where. */
export function firstMark(held: string, marks: readonly string[]): { mark: string; at: number } | null {
  let first: { mark: string; at: number } | null = null
  for (const mark of marks) {
    const at = held.indexOf(mark)
    if (at >= 0 && (first === null || at < first.at)) first = { mark, at }
  }
  return first
}
