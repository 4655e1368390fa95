import { done, failed, type Result } from '../../../nouns/index.js'
import type { Conversation } from '../conversation/index.js'
import type { Block, MarkedBlock, Unmarked } from './marks.js'

/** What one assistant message put into the text; the range is what the template calls emitted. */
export interface RenderedSpan extends Block {
  readonly message: string
}

export interface Attributed {
  /** In the order of the text; a message may have several, or none. */
  readonly spans: readonly RenderedSpan[]
  /** Where each message begins; empty where the template does not say. */
  readonly messageStarts: readonly number[]
}

/** Says which message each block belongs to: by the message marks before it, or, where a template has none, by count. */
export function attribute({ blocks, messageStarts }: Unmarked, { messages }: Conversation): Result<Attributed> {
  const starts = startsOf(messageStarts, messages)
  const skipped = messages.length - messageStarts.length
  const marked = starts.length === 0 ? null : byMarks(blocks, messages, skipped)
  if (marked !== null) return done({ spans: marked, messageStarts: starts })
  const speakers = messages.filter(({ chat }) => chat.role === 'assistant')
  if (speakers.length !== blocks.length) return failed(unattributed(blocks.length, speakers.length))
  const spans = blocks.map(({ start, end }, index) => ({ start, end, message: speakers[index]?.id ?? '' }))
  return done({ spans, messageStarts: starts })
}

type Messages = Conversation['messages']

/** One mark a message; a loop over all but a first system message begins with the second one. */
function startsOf(marks: readonly number[], messages: Messages): readonly number[] {
  if (marks.length === messages.length) return marks
  return marks.length === messages.length - 1 && messages[0]?.chat.role === 'system' ? [0, ...marks] : []
}

/** Null where a block lies in no assistant message. */
function byMarks(blocks: readonly MarkedBlock[], messages: Messages, skipped: number): readonly RenderedSpan[] | null {
  const spans: RenderedSpan[] = []
  for (const { start, end, message: mark } of blocks) {
    const message = mark < 0 ? undefined : messages[mark + skipped]
    if (message?.chat.role !== 'assistant') return null
    spans.push({ start, end, message: message.id })
  }
  return spans
}

/** Blocks of one message with nothing between them are one span. Their labels stay what transformers makes of the single blocks. */
export function joinTouching(spans: readonly RenderedSpan[]): readonly RenderedSpan[] {
  const joined: RenderedSpan[] = []
  for (const span of spans) {
    const last = joined.at(-1)
    if (last?.message === span.message && last.end === span.start)
      joined[joined.length - 1] = { ...last, end: span.end }
    else joined.push(span)
  }
  return joined
}

const unattributed = (blocks: number, messages: number) => ({
  kind: 'input' as const,
  code: 'template.spans',
  message: `the template marks ${blocks} blocks in a conversation with ${messages} assistant messages: none can be told apart`,
  remedy: 'leave this trajectory out of the selection',
})
