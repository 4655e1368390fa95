import { done, type Result, type ToolSpec } from '../../../nouns/index.js'
import { field, isCount, isFields, listIn, omit, textIn, type Fields } from '../../json/index.js'
import type { WireDialect, WireMessage, WireRequest } from '../dialect.js'
import { noConversation as refused, plainTools } from '../request-parts.js'
import { assistantFrom, isSaid, typeIn } from './assistant.js'
import { contentFrom, partsFrom } from './content.js'
import { offeredNames, renamed } from './namespaces.js'

/** The body of `POST /v1/responses`. Failure: `wire.no-conversation`. */
export function readRequest(body: unknown): Result<WireRequest> {
  if (!isFields(body)) return noConversation('body', 'is no object')
  const { input, instructions } = body
  if (typeof input !== 'string' && !Array.isArray(input)) return noConversation('input', 'is no text and no list')
  const items = typeof input === 'string' ? [{ role: 'user', content: input }] : (input as readonly unknown[])
  const wrong = items.findIndex((item) => !isFields(item))
  if (wrong !== -1) return noConversation(`input.${wrong}`, 'is no item')
  const list = items as readonly Fields[]
  // Codex gives the tools of some models as an item of the input.
  const more = list.filter((item) => typeIn(item) === 'additional_tools').flatMap((item) => listIn(item, 'tools'))
  const system: WireMessage[] =
    typeof instructions === 'string' && instructions !== '' ? [{ role: 'system', content: instructions }] : []
  return done({
    model: textIn(body, 'model') ?? '',
    stream: body['stream'] === true,
    messages: [...system, ...messagesFrom(list.filter((item) => typeIn(item) !== 'additional_tools'))],
    tools: [...listIn(body, 'tools'), ...more].flatMap((raw) => toolsFrom(raw)),
    ...(system.length === 0 ? {} : { hasInstructions: true as const }),
    ...continuesIn(body),
    params: omit(body, 'model', 'stream', 'input', 'instructions', 'tools'),
    wantsSchema: ['json_schema', 'json_object'].includes(textIn(field(body['text'], 'format'), 'type') ?? ''),
  })
}

const noConversation = (where: string, what: string) => refused(where, what, 'POST /v1/responses')

/** A history that the service holds, by the id of its last response or its own. */
function continuesIn(body: Fields): Pick<WireRequest, 'continues'> {
  const response = textIn(body, 'previous_response_id')
  const conversation = textIn(body, 'conversation') ?? textIn(body['conversation'], 'id')
  if (response === undefined && conversation === undefined) return {}
  return {
    continues: {
      ...(response === undefined ? {} : { response }),
      ...(conversation === undefined ? {} : { conversation }),
    },
  }
}

/** What stands together of the model's was one response. */
function messagesFrom(items: readonly Fields[]): readonly WireMessage[] {
  const runs: Fields[][] = []
  for (const item of items) {
    const run = runs.at(-1)
    if (run?.[0] !== undefined && isSaid(run[0]) && isSaid(item)) run.push(item)
    else runs.push([item])
  }
  return runs.map((run) => {
    const [first] = run as [Fields]
    return isSaid(first) ? assistantFrom(run.map((item) => ({ item }))) : shown(first)
  })
}

/** An item that the model was shown. */
function shown(item: Fields): WireMessage {
  const type = typeIn(item)
  if (type.endsWith('_output')) return result(item, type)
  if (type !== 'message') return { role: 'user', content: [{ ...item, type: type === '' ? 'unreadable' : type }] }
  const given = textIn(item, 'role') ?? 'user'
  const role = given === 'system' || given === 'developer' ? 'system' : 'user'
  return {
    role,
    content: contentFrom(partsFrom(item['content'])),
    ...besides(item, ['type', 'role', 'content'], given === role ? {} : { role: given }),
  }
}

function result(item: Fields, type: string): WireMessage {
  const { output, call_id: id } = item
  const text = field(output, 'content')
  return {
    role: 'tool',
    content: contentFrom(partsFrom(isFields(output) && text !== undefined ? text : output)),
    ...(typeof id === 'string' ? { toolCallId: id } : {}),
    ...besides(item, ['type', 'call_id', 'output'], type === 'function_call_output' ? {} : { type }),
  }
}

function besides(item: Fields, held: readonly string[], more: Fields): Pick<WireMessage, 'extra'> {
  const rest = { ...omit(item, ...held), ...more }
  return Object.keys(rest).length === 0 ? {} : { extra: { openai: rest } }
}

/** A function or a custom tool; those of a namespace each by itself; a tool of the service's own by its type. */
function toolsFrom(raw: unknown, namespace?: string): readonly ToolSpec[] {
  const { type, name, description, parameters, ...rest } = isFields(raw) ? raw : {}
  if (type === 'namespace') return listIn(raw, 'tools').flatMap((one) => toolsFrom(one, textIn(raw, 'name')))
  return [
    {
      name: typeof name === 'string' ? name : typeof type === 'string' ? type : '',
      ...(typeof description === 'string' ? { description } : {}),
      ...(isFields(parameters) ? { parameters } : {}),
      ...(type === 'function' || type === undefined ? {} : { type }),
      ...(namespace === undefined ? {} : { namespace }),
      ...(Object.keys(rest).length === 0 ? {} : { openai: rest }),
    },
  ]
}

/** Functions by the names that they are offered by, and the parameters that models know. */
export function asked({ messages, tools, params }: WireRequest): ReturnType<WireDialect['asked']> {
  const { max_output_tokens: maxTokens, temperature } = params
  const names = offeredNames(tools)
  const functions = tools.filter((tool) => !('type' in tool))
  const told = renamed(messages, tools)
  return {
    tools: plainTools(functions.map((tool) => ({ ...tool, name: names.get(tool) ?? tool.name }))),
    params: {
      ...(isCount(maxTokens) && maxTokens > 0 ? { maxTokens } : {}),
      ...(typeof temperature === 'number' ? { temperature } : {}),
    },
    ...(told === undefined ? {} : { messages: told }),
  }
}

/** Parameters that are followed, or say nothing to the model. */
const FOLLOWED: readonly string[] = [
  ...[
    'max_output_tokens',
    'temperature',
    'store',
    'include',
    'prompt_cache_key',
    'client_metadata',
    'metadata',
    'user',
  ],
  ...['service_tier', 'safety_identifier', 'stream_options', 'prompt_cache_retention'],
]

export function unfollowed({ tools, params }: WireRequest): readonly string[] {
  const alone = tools.filter((tool) => 'type' in tool)
  const set = Object.keys(params).filter((name) => !FOLLOWED.includes(name) && !isDefault(name, params[name]))
  return [
    ...alone.map(({ name }) => `the tool ${name} is no function: it is not offered`),
    ...set.map((name) =>
      ['previous_response_id', 'conversation'].includes(name)
        ? `${name}: the model sees what this request holds, and nothing before it`
        : `${name} has no effect on this model`,
    ),
  ]
}

const isDefault = (name: string, value: unknown): boolean =>
  value === null || (name === 'tool_choice' && value === 'auto') || (name === 'parallel_tool_calls' && value === true)
