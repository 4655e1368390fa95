import type { StopReason } from '../../../nouns/index.js'
import { field, omit, rawItems, readJson, textIn, type Fields } from '../../json/index.js'
import type { WireMessage, WireResponse } from '../dialect.js'
import { errorText, errorWords } from '../error-words.js'
import { readEvents } from '../sse.js'
import { idMaker } from './calls.js'
import { Gatherer } from './gathered.js'
import { draftsFrom } from './parts.js'
import { countedIn } from './usage.js'

/** `FinishReason` (npm `@google/genai`); what is not here is `other`. */
const STOP: ReadonlyMap<unknown, StopReason> = new Map([
  ['STOP', 'stop'],
  ['MAX_TOKENS', 'length'],
  ['SAFETY', 'content-filter'],
  ['RECITATION', 'content-filter'],
  ['BLOCKLIST', 'content-filter'],
  ['PROHIBITED_CONTENT', 'content-filter'],
  ['SPII', 'content-filter'],
  ['IMAGE_SAFETY', 'content-filter'],
])

/** An answer to `generateContent`, or `streamGenerateContent` as events or as a list, bare or as Code Assist wraps it. */
export function readResponse(body: string, status: number): WireResponse {
  const [first] = /\S/.exec(body.slice(0, 1024)) ?? []
  const isDocument = first === '{'
  const isJson = isDocument || first === '['
  if (!isJson && status >= 400) return { complete: true, error: errorText(body) }
  const gatherer = new Gatherer()
  if (status >= 400) return ofError(body)
  const texts = isDocument ? [body] : isJson ? rawItems(body) : eventsIn(body)
  for (const text of texts) {
    const read = readJson(text)
    if (read !== null) gatherer.take(read.value, text)
    else if (!isDocument) gatherer.unknown.push({ unreadable: text })
  }
  return responseFrom(gatherer, isDocument && readJson(body) !== null)
}

function ofError(body: string): WireResponse {
  const read = readJson(body)
  return read === null ? { complete: false, error: errorText(body) } : { complete: true, error: errorWords(read.value) }
}

/** A stream that fails on its way may end in an error that is no event. */
function eventsIn(body: string): readonly string[] {
  const start = body.lastIndexOf('\n{') + 1
  const tail = start > 0 ? body.slice(start) : ''
  const isTail = tail !== '' && readJson(tail) !== null
  const events = [...readEvents(isTail ? body.slice(0, start) : body)].filter(
    ({ data, isCut }) => isCut !== true || readJson(data) !== null,
  )
  return [...events.map(({ data }) => data), ...(isTail ? [tail] : [])]
}

function responseFrom(gatherer: Gatherer, isWhole: boolean): WireResponse {
  const { head, candidate, error, unknown } = gatherer
  const model = textIn(head, 'modelVersion')
  const id = textIn(head, 'responseId') ?? textIn(head, 'traceId')
  const isBlocked = typeof field(head['promptFeedback'], 'blockReason') === 'string'
  const finish = candidate['finishReason']
  const message = messageFrom(gatherer, model ?? 'gemini')
  const isEnded = isWhole || typeof finish === 'string' || isBlocked
  const { usage } = countedIn(head['usageMetadata'])
  const isSaid = gatherer.parts.length > 0 || (isEnded && typeof finish === 'string')
  const isCalling = (message.toolCalls ?? []).length > 0 && finish === 'STOP'
  return {
    ...(isSaid ? { message } : {}),
    ...(model === undefined ? {} : { model }),
    ...(id === undefined ? {} : { id }),
    ...(usage === undefined ? {} : { usage }),
    ...(typeof finish === 'string'
      ? { stop: isCalling ? ('tool-calls' as const) : (STOP.get(finish) ?? 'other') }
      : {}),
    ...(isBlocked && finish === undefined ? { stop: 'content-filter' as const } : {}),
    complete: isEnded && (error === undefined || isWhole),
    ...(error === undefined ? {} : { error }),
    ...extraOf({
      ...omit(head, 'modelVersion', 'responseId'),
      ...(Object.keys(candidate).length === 0 ? {} : { candidate }),
      ...(unknown.length === 0 ? {} : { unknown }),
    }),
  }
}

function messageFrom({ parts }: Gatherer, model: string): WireMessage {
  const reader = {
    argumentsOf: ({ args }: { args?: unknown }, at: number) => parts[at]?.args ?? JSON.stringify(args ?? {}),
    callId: idMaker(),
    textOf: (value: unknown) => JSON.stringify(value),
  }
  const drafts = draftsFrom(
    'model',
    parts.map(({ part }) => part),
    model,
    reader,
  )
  const { gemini, ...said } = drafts[0] ?? { role: 'assistant' as const, content: '', gemini: {} }
  return { ...said, ...(Object.keys(gemini).length === 0 ? {} : { extra: { gemini } }) }
}

/** No count is nothing to tell. */
function extraOf(rest: Fields): Pick<WireResponse, 'extra'> {
  const isCounted = Object.keys(rest['usageMetadata'] ?? {}).length > 0
  const told = isCounted ? rest : omit(rest, 'usageMetadata')
  return Object.keys(told).length === 0 ? {} : { extra: { gemini: told } }
}
