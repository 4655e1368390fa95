import { done, failed, type Failure, type Result } from '../../../nouns/index.js'
import type { ChatMessage, Conversation } from '../conversation/index.js'
import { attribute, joinTouching, type RenderedSpan } from './attribute.js'
import type { MessageForm, NextTags } from './families/index.js'
import { inForm } from './form.js'
import { cutMarks, freshMarks } from './marks.js'
import type { CompiledTemplate, RenderInput } from './template.js'
import type { Unproved } from './unproved.js'

/** A chat template with markers that leave its text as it is. */
export interface MarkedTemplate {
  /** `own-markers` where the template brought them. */
  readonly family: string
  /** Jinja source with `{% generation %}` tags; outside limi its message marks print nothing. */
  readonly source: string
  /** Texts of which one ends what the model emits when it stops by itself; null where the template's own markers are obeyed as they are. */
  readonly stops: readonly string[] | null
  readonly form: MessageForm
  /** Where the model stops by emitting the tag of whoever speaks next. */
  readonly nextTags: NextTags | null
}

/** A model's own template, and the same with markers. */
export interface Templates {
  readonly family: MarkedTemplate
  readonly original: CompiledTemplate
  readonly marked: CompiledTemplate
  /** Special tokens by name. */
  readonly variables: Readonly<Record<string, string>>
}

export interface Rendered {
  readonly text: string
  /** The text of the model's own, unmarked template: equal to `text`, kept so that the proof can compare. */
  readonly original: string
  /** What each assistant message emitted, in order, whether or not it trains. With a template's own markers a message may have several, or none. */
  readonly spans: readonly RenderedSpan[]
  /** Where each message begins, in UTF-16 units; empty where the template does not say. */
  readonly messageStarts: readonly number[]
  /** By a template of no known family: messages without a span, and why. */
  readonly unproved?: readonly Unproved[]
}

/** What a template is given for a conversation. */
export const inputFor = ({ family, variables }: Templates, { messages, tools, now }: Conversation): RenderInput => ({
  messages: messages.map((message) => inForm(message, family.form)),
  tools,
  variables,
  now,
})

/** Renders the whole conversation by the original and by the marked template, which must print the same. */
export function renderBoth(templates: Templates, conversation: Conversation): Result<Rendered> {
  const { family } = templates
  const marks = freshMarks()
  const input = inputFor(templates, conversation)
  const original = templates.original.render(input)
  if (!original.ok) return original
  const marked = templates.marked.render({ ...input, variables: { ...input.variables, ...marks.variables } })
  if (!marked.ok) return marked
  const unmarked = cutMarks(marked.value, marks)
  if (unmarked === null) return failed(unpaired)
  if (unmarked.text !== original.value) return failed(textChanged(original.value, unmarked.text))
  const attributed = attribute(unmarked, conversation)
  if (!attributed.ok) return attributed
  const { spans, messageStarts } = attributed.value
  const rendered = { text: original.value, original: original.value, spans, messageStarts }
  if (family.stops === null) return done(rendered)
  return done(withLastTag({ ...rendered, spans: joinTouching(spans) }, conversation, family))
}

/**
 * Where the model stops by emitting the next speaker's tag, the one after the very last message is in no rendering of the conversation:
 * it is what the template prints next when the conversation goes on.
 */
function withLastTag(rendered: Rendered, { messages }: Conversation, { nextTags }: MarkedTemplate): Rendered {
  const last = messages.at(-1)
  if (nextTags === null || last?.chat.role !== 'assistant' || !last.stopped) return rendered
  const tag = tagAfter(last.chat, nextTags)
  const text = rendered.text + tag
  const spans = rendered.spans.map((span) =>
    span.message === last.id && span.end === rendered.text.length ? { ...span, end: text.length } : span,
  )
  return { ...rendered, text, original: rendered.original + tag, spans }
}

export const tagAfter = ({ tool_calls: calls }: ChatMessage, { afterCalls, afterAnswer }: NextTags): string =>
  calls === undefined ? afterAnswer : afterCalls

const failure = (code: string, message: string): Failure => ({
  kind: 'input',
  code,
  message,
  remedy: 'leave this trajectory out of the selection',
})

const unpaired = failure('template.markers', 'the {% generation %} markers of this template do not print in pairs')

function textChanged(expected: string, found: string): Failure {
  let at = 0
  while (at < expected.length && expected[at] === found[at]) at += 1
  const around = (text: string): string => JSON.stringify(text.slice(Math.max(0, at - 20), at + 20))
  const message = `with markers the template prints another text from character ${at}: ${around(found)} instead of ${around(expected)}`
  return failure('template.text-changed', message)
}
