import type { Call, StopReason, Usage } from '../../../../nouns/index.js'
import { omit } from '../omit.js'
import { isFields, type Fields } from '../values.js'
import { textIn, type OtherEvent } from './event.js'

/** What a model answered, as an event of the log holds it. */
export interface Answer {
  readonly parts: readonly Fields[]
  readonly call: Pick<Call, 'usage' | 'stop' | 'durationMs'>
  readonly model: string | undefined
  readonly promptId: string | undefined
  /** The event without the parts. */
  readonly rest: unknown
}

const DEPTH = 4

/**
 * The Gemini API's response (`{candidates: [{content, finishReason}], usageMetadata, modelVersion}`), wherever an event holds it: as a value, as JSON
 * text, or as the list of a stream's chunks. Gemini CLI logs it as `response_text`, beside counts of its own (packages/core/src/telemetry/types.ts,
 * ApiResponseEvent), which a plain text under that name is an answer, too. Null where the event is no answer.
 */
export function answerIn({ event, type }: OtherEvent): Answer | null {
  const found: Fields[] = []
  let rest = withoutParts(event, found, DEPTH)
  const data = isFields(event['data']) ? event['data'] : {}
  const text = textIn(data['response_text'])
  let parts = found.flatMap(partsIn)
  if (found.length === 0) {
    if (text === undefined || !type.includes('api_response')) return null
    parts = [{ text }]
    rest = { ...event, data: omit(data, 'response_text') }
  }
  const last = (name: string): unknown => found.map((one) => one[name]).findLast((value) => value !== undefined)
  const finish = found.map((one) => textIn(candidateIn(one)?.['finishReason'])).findLast((one) => one !== undefined)
  const hasCalls = parts.some((part) => isFields(part['functionCall']))
  return {
    parts: merged(parts),
    call: {
      ...usageFrom(last('usageMetadata'), data),
      ...(finish === undefined ? {} : { stop: stopFrom(finish, hasCalls) }),
      ...(typeof data['duration_ms'] === 'number' && data['duration_ms'] >= 0
        ? { durationMs: data['duration_ms'] }
        : {}),
    },
    model: textIn(last('modelVersion')) ?? textIn(data['model']),
    promptId: textIn(data['prompt_id']),
    rest,
  }
}

/** A copy without the parts of each response in it, which are collected. */
function withoutParts(value: unknown, found: Fields[], depth: number): unknown {
  if (typeof value === 'string') return value.includes('"candidates"') ? inText(value, found, depth) : value
  if (depth === 0 || value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map((one) => withoutParts(one, found, depth - 1))
  const fields = value as Fields
  if (candidateIn(fields) === undefined) {
    return Object.fromEntries(Object.entries(fields).map(([key, one]) => [key, withoutParts(one, found, depth - 1)]))
  }
  found.push(fields)
  const [first, ...others] = fields['candidates'] as Fields[]
  const content = isFields(first?.['content']) ? first['content'] : {}
  return { ...fields, candidates: [{ ...first, content: omit(content, 'parts') }, ...others] }
}

function inText(text: string, found: Fields[], depth: number): unknown {
  const before = found.length
  try {
    const rest = withoutParts(JSON.parse(text), found, depth)
    return found.length > before ? rest : text
  } catch {
    return text
  }
}

function candidateIn({ candidates }: Fields): Fields | undefined {
  if (!Array.isArray(candidates)) return undefined
  const first: unknown = candidates[0]
  return isFields(first) ? first : undefined
}

function partsIn(response: Fields): Fields[] {
  const content = candidateIn(response)?.['content']
  const parts = isFields(content) ? content['parts'] : undefined
  return Array.isArray(parts) ? parts.filter(isFields) : []
}

/** A stream's pieces of one text are one part. */
function merged(parts: readonly Fields[]): Fields[] {
  const whole: Fields[] = []
  for (const part of parts) {
    const before = whole.at(-1)
    if (before !== undefined && isPlain(before) && isPlain(part) && before['thought'] === part['thought']) {
      whole[whole.length - 1] = { ...before, text: `${String(before['text'])}${String(part['text'])}` }
    } else whole.push(part)
  }
  return whole
}

const isPlain = (part: Fields): boolean =>
  typeof part['text'] === 'string' && Object.keys(part).every((key) => key === 'text' || key === 'thought')

function usageFrom(metadata: unknown, data: Fields): { usage?: Usage } {
  const from = isFields(metadata) ? metadata : {}
  const count = (ours: string, theirs: string): number | undefined =>
    [from[ours], data[theirs]].find((one): one is number => Number.isSafeInteger(one) && Number(one) >= 0)
  const input = count('promptTokenCount', 'input_token_count')
  const output = count('candidatesTokenCount', 'output_token_count')
  if (input === undefined || output === undefined) return {}
  const cached = count('cachedContentTokenCount', 'cached_content_token_count')
  const thoughts = count('thoughtsTokenCount', 'thoughts_token_count')
  return {
    usage: {
      inputTokens: input,
      outputTokens: output + (thoughts ?? 0),
      ...(cached === undefined ? {} : { cachedInputTokens: cached }),
      ...(thoughts === undefined ? {} : { reasoningTokens: thoughts }),
    },
  }
}

function stopFrom(finish: string, hasCalls: boolean): StopReason {
  if (finish === 'STOP') return hasCalls ? 'tool-calls' : 'stop'
  if (finish === 'MAX_TOKENS') return 'length'
  return ['SAFETY', 'RECITATION', 'BLOCKLIST', 'PROHIBITED_CONTENT', 'SPII'].includes(finish)
    ? 'content-filter'
    : 'other'
}
