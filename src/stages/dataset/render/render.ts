import { done, failed, type Failure, type Result } from '../../../nouns/index.js'
import type { ChatMessage, Conversation } from '../conversation/index.js'
import type { ModelFiles } from '../model-files.js'
import type { MarkedTemplate } from './families.js'
import { cutMarks, freshMarks, withMarks, type Block } from './marks.js'
import { markTemplate } from './recognise.js'
import { compileTemplate, type CompiledTemplate, type RenderInput } from './template.js'
import { turnsIn, type Turn } from './turns.js'

/** What one assistant message put into the text; the range is what the template calls emitted. */
export interface RenderedSpan extends Block {
  readonly message: string
}

export interface Rendered {
  readonly text: string
  /** The text of the model's own, unmarked template: equal to `text`, kept so that the proof can compare. */
  readonly original: string
  /** One a block, in order, whether or not its message trains. */
  readonly spans: readonly RenderedSpan[]
  /** Where each message begins, in UTF-16 units; empty where the template does not say. */
  readonly messageStarts: readonly number[]
}

export interface Renderer {
  readonly family: MarkedTemplate
  /** Renders the whole conversation once by the marked template and once by the original. */
  render(conversation: Conversation): Result<Rendered>
  /** Where each assistant message lies in the rendering of this conversation, by the model's own template alone. */
  turns(conversation: Conversation, whole: string): readonly Turn[]
}

/** Prepares a model's chat template. Failures: `template.unreadable`, `template.unknown`, `template.time`. */
export function openRenderer(files: ModelFiles, withTools = false): Result<Renderer> {
  const source = (withTools ? files.templates.tool_use : undefined) ?? files.templates.default
  if (source.includes('strftime_now')) return failed(tellsTime)
  const original = compileTemplate(source)
  if (!original.ok) return original
  const family = markTemplate(source, original.value, files.specialTokens)
  if (!family.ok) return failed({ ...family.failure, where: files.folder })
  const marked = compileTemplate(withMarks(family.value.source))
  if (!marked.ok) return marked
  const templates = { source, original: original.value, marked: marked.value }
  return done({
    family: family.value,
    render: (conversation) => renderTwice(templates, conversation, files.specialTokens),
    turns: (conversation, whole) => turnsIn(original.value, conversation, whole, files.specialTokens),
  })
}

interface Templates {
  readonly source: string
  readonly original: CompiledTemplate
  readonly marked: CompiledTemplate
}

function renderTwice(
  templates: Templates,
  conversation: Conversation,
  specials: Readonly<Record<string, string>>,
): Result<Rendered> {
  const messages = conversation.messages.map(({ chat }) => chat)
  const unlike = messages.find((message) => trimsDifferently(message, templates.source))
  if (unlike !== undefined) return failed(oddWhitespace)
  const marks = freshMarks()
  const input: RenderInput = { messages, tools: conversation.tools, variables: specials }
  const original = templates.original.render(input)
  if (!original.ok) return original
  const marked = templates.marked.render({ ...input, variables: { ...specials, ...marks.variables } })
  if (!marked.ok) return marked
  const unmarked = cutMarks(marked.value, marks)
  if (unmarked === null) return failed(unpaired)
  if (unmarked.text !== original.value) return failed(textChanged(original.value, unmarked.text))
  if (/\p{Surrogate}/u.test(unmarked.text)) return failed(loneSurrogate)
  const spans = attribute(unmarked.blocks, conversation)
  if (!spans.ok) return spans
  return done({
    text: unmarked.text,
    original: original.value,
    spans: spans.value,
    messageStarts: unmarked.messageStarts,
  })
}

/** The n-th block is the n-th assistant message's; a template with more or fewer cannot be attributed. */
function attribute(blocks: readonly Block[], conversation: Conversation): Result<readonly RenderedSpan[]> {
  const speakers = conversation.messages.filter(({ chat }) => chat.role === 'assistant')
  if (speakers.length !== blocks.length) return failed(unattributed(blocks.length, speakers.length))
  return done(blocks.map((block, index) => ({ ...block, message: speakers[index]?.id ?? '' })))
}

/** U+001C–1F and U+0085 are white space in Python only, U+FEFF in JavaScript only. */
const UNLIKE_WHITESPACE = ['\u001c', '\u001d', '\u001e', '\u001f', '\u0085', '\ufeff']

/** `trim` and `strip` take other characters in Python than in JavaScript. */
function trimsDifferently({ content }: ChatMessage, template: string): boolean {
  if (!/trim|strip/.test(template)) return false
  return UNLIKE_WHITESPACE.some((odd) => content.includes(odd))
}

const LEAVE_OUT = 'leave this trajectory out of the selection'

const failure = (code: string, message: string, remedy = LEAVE_OUT): Failure => ({
  kind: 'input',
  code,
  message,
  remedy,
})

const tellsTime = failure(
  'template.time',
  'this chat template prints the time of rendering, so that a dataset would differ from day to day',
  'put a fixed date into a copy of the template',
)

const oddWhitespace = failure(
  'value.prints-differently',
  'a text holds a character that this template may trim in Python and not here, or the reverse (U+001C–1F, U+0085, U+FEFF)',
)

const loneSurrogate = failure(
  'text.invalid',
  'the text holds half of a surrogate pair, which no tokeniser can read back',
)

const unpaired = failure('template.markers', 'the {% generation %} markers of this template do not print in pairs')

function textChanged(expected: string, found: string): Failure {
  let at = 0
  while (at < expected.length && expected[at] === found[at]) at += 1
  const around = (text: string): string => JSON.stringify(text.slice(Math.max(0, at - 20), at + 20))
  const message = `with markers the template prints another text from character ${at}: ${around(found)} instead of ${around(expected)}`
  return failure('template.text-changed', message)
}

const unattributed = (blocks: number, messages: number): Failure =>
  failure(
    'template.spans',
    `the template marks ${blocks} blocks in a conversation with ${messages} assistant messages: none can be told apart`,
  )
