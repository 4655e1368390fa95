import { done, type Result, type ToolSpec } from '../../../nouns/index.js'
import { field, isCount, isFields, listIn, omit, textIn, type Fields } from '../../json/index.js'
import type { ModelParams } from '../../models/index.js'
import type { WireMessage, WireRequest } from '../dialect.js'
import { noConversation, plainTools } from '../request-parts.js'
import { repeatedArguments } from '../shown-arguments.js'
import type { Block, Content } from './block.js'
import { assistantMessage, userMessages, type BlockReader } from './blocks.js'
import { toolFrom } from './tools.js'

/** The body of `POST /v1/messages`. Failure: `wire.no-conversation`. */
export function readRequest(body: unknown): Result<WireRequest> {
  if (!isFields(body)) return noConversation('body', 'is no object', ENDPOINT)
  if (!Array.isArray(body['messages'])) return noConversation('messages', 'is no list', ENDPOINT)
  const model = textIn(body, 'model') ?? ''
  const messages: WireMessage[] = [...systemIn(body['system'])]
  for (const [at, raw] of (body['messages'] as readonly unknown[]).entries()) {
    if (!isFields(raw) || typeof raw['role'] !== 'string')
      return noConversation(`messages.${at}`, 'has no role', ENDPOINT)
    messages.push(...messagesFrom(raw, raw['role'], model))
  }
  return done({
    model,
    stream: body['stream'] === true,
    messages,
    tools: listIn(body, 'tools').map((raw) => toolFrom({ ...(raw as Fields), name: nameOf(raw) })),
    params: omit(body, 'model', 'stream', 'messages', 'system', 'tools'),
    wantsSchema: [field(body, 'output_format'), field(field(body, 'output_config'), 'format')].some(
      (format) => field(format, 'type') === 'json_schema',
    ),
  })
}

const ENDPOINT = 'POST /v1/messages'

/** A set of tools that a server offers has a type alone. */
const nameOf = (raw: unknown): string => textIn(raw, 'name') ?? textIn(raw, 'type') ?? ''

function systemIn(system: unknown): readonly WireMessage[] {
  const content = contentOf(system)
  return content === undefined || content === null || content.length === 0 ? [] : [roleSystem(content)]
}

const roleSystem = (content: NonNullable<Content>): WireMessage => ({
  role: 'system',
  content: typeof content === 'string' ? content : content.map(blockOf),
})

function messagesFrom(raw: Fields, role: string, model: string): readonly WireMessage[] {
  const content = contentOf(raw['content'])
  const rest = { ...omit(raw, 'role', 'content'), ...(KNOWN.includes(role) ? {} : { role }) }
  const said =
    role === 'assistant' ? [assistantMessage(content, model, reader)] : userMessages(content, reader).map(as(role))
  return Object.keys(rest).length === 0 ? said : said.map((message) => beside(message, rest))
}

const KNOWN: readonly string[] = ['user', 'assistant', 'system']

/** The system may speak in the midst of a conversation. */
const as =
  (role: string) =>
  (message: WireMessage): WireMessage =>
    role === 'system' && message.role === 'user' ? { ...message, role } : message

const beside = (message: WireMessage, rest: Fields): WireMessage => ({
  ...message,
  extra: { ...message.extra, anthropic: { ...(message.extra?.['anthropic'] as object | undefined), rest } },
})

/** Whatever stands there as a list of blocks. */
function contentOf(content: unknown): Content {
  if (typeof content === 'string' || content === null || content === undefined) return content
  return [content].flat().map((one: unknown) => (typeof one === 'string' ? one : blockOf(one)))
}

const blockOf = (one: unknown): Block =>
  typeof one === 'string'
    ? { type: 'text', text: one }
    : isFields(one) && typeof one['type'] === 'string'
      ? (one as Block)
      : { type: 'unreadable', value: one }

/** A request repeats what was said as values: their text is made again. */
const reader: BlockReader = {
  argumentsOf: ({ input }) => repeatedArguments(input),
  odd: () => undefined,
}

/** The tools that have a schema, which the agent itself runs, and the parameters that models know. */
export function asked({ tools, params }: WireRequest): { tools: readonly ToolSpec[]; params: ModelParams } {
  const { max_tokens: maxTokens, temperature, stop_sequences: stop } = params
  return {
    tools: plainTools(tools.filter(({ parameters }) => parameters !== undefined)),
    params: {
      ...(isCount(maxTokens) && maxTokens > 0 ? { maxTokens } : {}),
      ...(typeof temperature === 'number' ? { temperature } : {}),
      ...(Array.isArray(stop) && stop.length > 0 ? { stop: stop.filter((one) => typeof one === 'string') } : {}),
    },
  }
}

/** Parameters that are followed, or say nothing to the model. */
const FOLLOWED: readonly string[] = [
  ...['max_tokens', 'temperature', 'stop_sequences', 'metadata', 'service_tier', 'inference_geo', 'cache_control'],
  ...['anthropic_beta', 'anthropic_version', 'betas'],
]

/** What of a request only Anthropic's models follow. */
export function unfollowed({ tools, params }: WireRequest): readonly string[] {
  const alone = tools.filter(({ parameters }) => parameters === undefined)
  const set = Object.keys(params).filter((name) => !FOLLOWED.includes(name) && !isDefault(name, params[name]))
  return [
    ...alone.map(({ name }) => `the tool ${name} has no schema, as Anthropic's own tools: it is not offered`),
    ...set.map((name) => `${name} has no effect on this model`),
  ]
}

function isDefault(name: string, value: unknown): boolean {
  if (value === null || value === undefined) return true
  if (name === 'tool_choice') return field(value, 'type') === 'auto'
  if (name === 'thinking') return field(value, 'type') === 'disabled'
  return name === 'top_p' && value === 1
}
