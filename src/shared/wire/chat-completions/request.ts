import { done, type Result, type ToolSpec } from '../../../nouns/index.js'
import { field, isCount, isFields, listIn, omit, textIn, type Fields } from '../../json/index.js'
import type { ModelParams } from '../../models/index.js'
import type { WireRequest } from '../dialect.js'
import { noConversation as refused, plainTools } from '../request-parts.js'
import { messageFrom } from './message.js'

/** The body of `POST /v1/chat/completions`, whatever else stands in it. Failure: `wire.no-conversation`. */
export function readRequest(body: unknown): Result<WireRequest> {
  if (!isFields(body)) return noConversation('body', 'is no object')
  const list = body['messages']
  if (!Array.isArray(list)) return noConversation('messages', 'is no list')
  const wrong = list.findIndex((one: unknown) => textIn(one, 'role') === undefined)
  if (wrong !== -1) return noConversation(`messages.${wrong}`, 'has no role')
  const model = textIn(body, 'model') ?? ''
  return done({
    model,
    stream: body['stream'] === true,
    messages: list.map((raw) => messageFrom(raw as Fields, model)),
    tools: [...listIn(body, 'tools'), ...listIn(body, 'functions')].map(toolFrom),
    params: omit(body, 'model', 'messages', 'tools', 'functions', 'stream'),
    wantsSchema: ['json_schema', 'json_object'].includes(textIn(body['response_format'], 'type') ?? ''),
  })
}

const noConversation = (where: string, what: string) => refused(where, what, 'POST /v1/chat/completions')

/** A function, wrapped or bare; another kind of tool by its type. */
function toolFrom(raw: unknown): ToolSpec {
  const spec = field(raw, 'function') ?? field(raw, 'custom') ?? raw
  const { name, description, parameters, ...more } = isFields(spec) ? spec : {}
  const type = textIn(raw, 'type')
  const rest = { ...more, ...(isFields(raw) && spec !== raw ? omit(raw, 'type', 'function', 'custom') : {}) }
  return {
    name: typeof name === 'string' ? name : (type ?? ''),
    ...(typeof description === 'string' ? { description } : {}),
    ...(isFields(parameters) ? { parameters } : {}),
    ...(type === undefined || type === 'function' ? {} : { type }),
    ...(Object.keys(rest).length === 0 ? {} : { openai: rest }),
  }
}

/** Functions, and the parameters that models know. */
export function asked({ tools, params }: WireRequest): { tools: readonly ToolSpec[]; params: ModelParams } {
  const maxTokens = params['max_completion_tokens'] ?? params['max_tokens']
  const { temperature, seed, stop } = params
  const stops = [stop].flat().filter((one) => typeof one === 'string')
  return {
    tools: plainTools(tools.filter(isFunction)),
    params: {
      ...(isCount(maxTokens) && maxTokens > 0 ? { maxTokens } : {}),
      ...(typeof temperature === 'number' ? { temperature } : {}),
      ...(isCount(seed) ? { seed } : {}),
      ...(stops.length === 0 ? {} : { stop: stops }),
    },
  }
}

const isFunction = (tool: ToolSpec): boolean => !('type' in tool)

/** Parameters that are followed, or say nothing to the model. */
const FOLLOWED: readonly string[] = [
  ...['max_tokens', 'max_completion_tokens', 'temperature', 'seed', 'stop', 'stream_options', 'user', 'metadata'],
  ...['prompt_cache_key', 'safety_identifier', 'service_tier'],
]

/** Values that ask for nothing else than what happens anyway. */
const DEFAULTS: Readonly<Record<string, unknown>> = {
  n: 1,
  top_p: 1,
  presence_penalty: 0,
  frequency_penalty: 0,
  logprobs: false,
  store: false,
  tool_choice: 'auto',
  parallel_tool_calls: true,
}

export function unfollowed({ messages, tools, params }: WireRequest): readonly string[] {
  const named = messages.flatMap((message, index) =>
    message.role !== 'tool' && typeof field(message.extra?.['openai'], 'name') === 'string'
      ? [`messages.${index}.name`]
      : [],
  )
  const alone = tools.filter((tool) => !isFunction(tool))
  const set = Object.keys(params).filter((name) => {
    const value = params[name]
    const isText = name === 'response_format' && textIn(value, 'type') === 'text'
    return !FOLLOWED.includes(name) && value !== null && !isText && value !== DEFAULTS[name]
  })
  return [
    ...named.map((place) => `${place} is not shown to the model`),
    ...alone.map(({ name }) => `the tool ${name} is no function: it is not offered`),
    ...set.map((name) => `${name} has no effect on this model`),
  ]
}
