import { field, fieldsOf, isFields, listIn, omit, readJson, textIn, type Fields } from '../../json/index.js'
import type { WireResponse } from '../dialect.js'
import { errorText, errorWords } from '../error-words.js'
import { readEvents } from '../sse.js'
import { stopReason } from '../stop-reason.js'
import { GatheredMessage } from './gathered.js'
import { messageFrom } from './message.js'
import { usageFrom } from './usage.js'

/** An answer to `POST /v1/chat/completions`: a stream of chunks, a document, or whatever else came. */
export function readResponse(body: string, status: number): WireResponse {
  const isDocument = /^\s*[{[]/.test(body)
  if (!isDocument && status >= 400) return { complete: true, error: errorText(body) }
  return isDocument ? ofDocument(body, status) : ofStream(body)
}

interface Choice {
  readonly message?: Fields
  readonly finish?: string
}

function ofDocument(body: string, status: number): WireResponse {
  const read = readJson(body)
  if (read === null) return { complete: false }
  const document = fieldsOf(read.value)
  if (status >= 400 || field(document, 'error') !== undefined || !Array.isArray(document['choices'])) {
    return { complete: true, error: errorWords(read.value) }
  }
  const choices = listIn(document, 'choices')
  const message = field(choices[0], 'message')
  return responseFrom(
    omit(document, 'choices'),
    { ...(isFields(message) ? { message } : {}), finish: textIn(choices[0], 'finish_reason') },
    choices.slice(1),
    { complete: true },
  )
}

function ofStream(body: string): WireResponse {
  const gathered = new GatheredMessage()
  let head: Record<string, unknown> = {}
  let end: { complete: boolean; error?: string } = { complete: false }
  const others: unknown[] = []
  for (const { data, isCut } of readEvents(body)) {
    if (data === '[DONE]') end = { ...end, complete: isCut !== true }
    const chunk = data === '[DONE]' ? null : readJson(data)
    if (chunk === null || !isFields(chunk.value)) continue
    if (field(chunk.value, 'error') !== undefined) end = { complete: true, error: errorWords(chunk.value) }
    const { choices, ...rest } = chunk.value
    head = { ...head, ...known(rest) }
    for (const choice of Array.isArray(choices) ? (choices as readonly unknown[]) : []) {
      if ((field(choice, 'index') ?? 0) === 0) gathered.take(choice)
      else others.push(choice)
    }
  }
  const choice = { ...(gathered.isSaid ? { message: gathered.message() } : {}), finish: gathered.finish }
  return responseFrom(head, choice, others, end)
}

/** What a chunk leaves out does not take back what one before it said. */
const known = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined))

function responseFrom(
  head: Fields,
  { message, finish }: Choice,
  others: readonly unknown[],
  end: { readonly complete: boolean; readonly error?: string },
): WireResponse {
  const { id, model, usage } = head
  const counted = usageFrom(usage)
  const rest = {
    ...omit(head, 'id', 'model', 'object', 'created', 'usage', 'error'),
    ...(others.length === 0 ? {} : { choices: others }),
  }
  return {
    ...(message === undefined ? {} : { message: said(message, typeof model === 'string' ? model : 'unknown') }),
    ...(typeof model === 'string' ? { model } : {}),
    ...(typeof id === 'string' ? { id } : {}),
    ...(counted === null ? {} : { usage: counted }),
    ...(finish === undefined ? {} : { stop: stopReason(finish) }),
    ...end,
    ...(Object.keys(rest).length === 0 ? {} : { extra: { openai: rest } }),
  }
}

/** That a response has no content beside its calls says nothing. */
function said(raw: Fields, model: string) {
  const { extra, ...message } = messageFrom({ ...raw, role: 'assistant' }, model)
  const rest = omit((extra?.['openai'] ?? {}) as Fields, 'content')
  return { ...message, ...(Object.keys(rest).length === 0 ? {} : { extra: { openai: rest } }) }
}
