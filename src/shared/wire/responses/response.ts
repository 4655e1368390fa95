import { field, fieldsOf, omit, readJson, textIn, type Fields } from '../../json/index.js'
import type { WireMessage, WireResponse } from '../dialect.js'
import { errorText, errorWords } from '../error-words.js'
import { readEvents } from '../sse.js'
import { stopReason } from '../stop-reason.js'
import { assistantFrom } from './assistant.js'
import { Received } from './received.js'
import { usageFrom } from './usage.js'

/** An answer to `POST /v1/responses`: a stream of events, a document, or whatever else came. */
export function readResponse(body: string, status: number): WireResponse {
  const isDocument = /^\s*[{[]/.test(body)
  if (!isDocument && status >= 400) return { complete: true, error: errorText(body) }
  return isDocument ? ofDocument(body, status) : ofStream(body)
}

function ofStream(body: string): WireResponse {
  const received = new Received()
  for (const { data } of readEvents(body)) {
    const event = readJson(data)
    if (event !== null) received.take(event.value, data)
  }
  return responseFrom(received)
}

function ofDocument(body: string, status: number): WireResponse {
  const read = readJson(body)
  if (read === null) return { complete: false }
  const document = fieldsOf(read.value)
  if (status >= 400 || !Array.isArray(document['output'])) return { complete: true, error: errorWords(read.value) }
  const received = new Received()
  received.takeWhole(document, body)
  return responseFrom(received)
}

function responseFrom(received: Received): WireResponse {
  const { head, complete, error, unknown } = received
  const items = received.items()
  const { id, model, usage } = head
  const counted = usageFrom(usage)
  const message = items.length === 0 && !(complete && error === undefined) ? undefined : assistantFrom(items)
  const stop = complete && error === undefined ? stopOf(head, message) : undefined
  const rest = {
    ...omit(head, 'id', 'model', 'object', 'created_at', 'usage', 'status', 'error'),
    ...(unknown.length === 0 ? {} : { unknown }),
  }
  return {
    ...(message === undefined ? {} : { message }),
    ...(typeof model === 'string' ? { model } : {}),
    ...(typeof id === 'string' ? { id } : {}),
    ...(counted === null ? {} : { usage: counted }),
    ...(stop === undefined ? {} : { stop }),
    complete,
    ...(error === undefined ? {} : { error }),
    ...(Object.keys(rest).length === 0 ? {} : { extra: { openai: rest } }),
  }
}

/** A response that ended says `completed`, whether or not it asks for tools. */
function stopOf(head: Fields, message: WireMessage | undefined): WireResponse['stop'] {
  const reason = textIn(field(head, 'incomplete_details'), 'reason')
  if (reason !== undefined) return stopReason(reason)
  return message?.toolCalls === undefined ? stopReason(textIn(head, 'status') ?? 'completed') : 'tool-calls'
}
