import type { Usage } from '../../../nouns/index.js'
import { fieldsOf, listIn, omit, rawFields, rawItems, readJson, textIn, type Fields } from '../../json/index.js'
import type { WireResponse } from '../dialect.js'
import { errorText, errorWords } from '../error-words.js'
import { readEvents } from '../sse.js'
import { stopReason } from '../stop-reason.js'
import type { Block } from './block.js'
import { assistantMessage } from './blocks.js'
import { Receiver, type Received } from './received.js'
import { usageFrom } from './usage.js'

/** An answer to `POST /v1/messages`: a stream of events, a document, or whatever else came. */
export function readResponse(body: string, status: number): WireResponse {
  const isDocument = /^\s*\{/.test(body)
  if (!isDocument && status >= 400) return { complete: true, error: errorText(body) }
  return isDocument ? ofDocument(body, status) : ofStream(body)
}

function ofStream(body: string): WireResponse {
  const receiver = new Receiver()
  for (const { data, isCut } of readEvents(body)) {
    const event = readJson(data)
    if (event !== null) receiver.take(event.value)
    else if (isCut !== true) receiver.take({ unreadable: data })
  }
  return responseFrom(receiver.received())
}

function ofDocument(body: string, status: number): WireResponse {
  const document = readJson(body)
  if (document === null) return { complete: false }
  const fields = fieldsOf(document.value)
  if (fields['type'] === 'error' || status >= 400) {
    const rest = omit(fields, 'type', 'error')
    return { complete: true, error: errorWords(fields), ...extraOf(rest) }
  }
  const items = rawItems(rawFields(body).get('content') ?? '')
  const content = textIn(fields, 'content')
  const list = content === undefined ? listIn(fields, 'content') : [{ type: 'text', text: content }]
  const blocks = list.map((block, at) => ({ block, input: rawFields(items[at] ?? '').get('input') }))
  const known = blocks.filter(({ block }) => textIn(block, 'type') !== undefined)
  return responseFrom({
    head: omit(fields, 'content'),
    blocks: known.map(({ block }) => block as Block),
    inputs: known.map(({ input }) => input),
    complete: true,
    unknown: blocks.flatMap(({ block }) => (textIn(block, 'type') === undefined ? [block] : [])),
  })
}

function responseFrom({ head, blocks, inputs, complete, error, unknown }: Received): WireResponse {
  const { id, model, stop_reason: stop, usage } = head
  const counted = countedIn(usage)
  const isSaid = blocks.length > 0 || (complete && head['role'] === 'assistant')
  const rest = { ...omit(head, 'id', 'model', 'type', 'role'), ...(unknown.length === 0 ? {} : { unknown }) }
  return {
    ...(isSaid ? { message: messageFrom(blocks, inputs, model) } : {}),
    ...(typeof model === 'string' ? { model } : {}),
    ...(typeof id === 'string' ? { id } : {}),
    ...(counted === null ? {} : { usage: counted }),
    ...(typeof stop === 'string' ? { stop: stopReason(stop) } : {}),
    complete,
    ...(error === undefined ? {} : { error }),
    ...extraOf(rest),
  }
}

const messageFrom = (blocks: readonly Block[], inputs: Received['inputs'], model: unknown) =>
  assistantMessage(blocks, typeof model === 'string' ? model : 'unknown', {
    argumentsOf: ({ input }, at) => inputs[at] ?? (input === undefined ? '{}' : JSON.stringify(input)),
    odd: () => undefined,
  })

/** Nobody reads nothing: where both counts are 0, none was made. */
function countedIn(usage: unknown): Usage | null {
  const counted = usageFrom(usage)
  return counted?.inputTokens === 0 && counted.outputTokens === 0 ? null : counted
}

const extraOf = (rest: Fields): Pick<WireResponse, 'extra'> =>
  Object.keys(rest).length === 0 ? {} : { extra: { anthropic: rest } }
