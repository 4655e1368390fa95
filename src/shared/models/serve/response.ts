import type { StopReason, Usage } from '../../../nouns/index.js'
import type { ModelEvent } from '../model.js'

/** Names of the stop reasons in OpenAI's chat completions. */
const FINISH: Readonly<Record<StopReason, string>> = {
  stop: 'stop',
  length: 'length',
  'tool-calls': 'tool_calls',
  'content-filter': 'content_filter',
  other: 'stop',
}

export interface ResponseHead {
  readonly id: string
  readonly created: number
  readonly model: string
}

export type Spoken = Exclude<ModelEvent, { type: 'failure' | 'warning' }>

/** Writes events as chunks of a `chat.completion.chunk` stream. What was odd stands in the last one as `limi_warnings`. */
export function chunkWriter(head: ResponseHead, includeUsage: boolean, warnings: readonly string[]) {
  let calls = 0
  let usage: Usage | null = null
  let raw: string | null = null
  const chunk = (choices: readonly object[], more: object = {}): string =>
    JSON.stringify({ ...head, object: 'chat.completion.chunk', choices, ...more })
  const delta = (content: object, finish: string | null = null, more: object = {}): string =>
    chunk([{ index: 0, delta: content, finish_reason: finish }], more)
  return {
    first: () => delta({ role: 'assistant', content: '' }),
    chunksOf(event: Spoken): readonly string[] {
      switch (event.type) {
        case 'text':
          return [delta({ content: event.text })]
        case 'reasoning':
          return event.text === '' ? [] : [delta({ reasoning_content: event.text })]
        case 'toolCall':
          calls += 1
          return [delta({ tool_calls: [{ index: calls - 1, ...wireCall(event) }] })]
        case 'usage':
          usage = event.usage
          return []
        case 'raw':
          raw = event.text
          return []
        case 'stop': {
          const last = delta(raw === null ? {} : { limi_raw: raw }, FINISH[event.reason], warned(warnings))
          return includeUsage && usage !== null ? [last, chunk([], { usage: wireUsage(usage) })] : [last]
        }
      }
    },
  }
}

const warned = (warnings: readonly string[]): object => (warnings.length === 0 ? {} : { limi_warnings: [...warnings] })

/** A whole `chat.completion`. A model that counts no tokens gives no `usage`; `limi_raw` is the model's own text. */
export function wholeResponse(head: ResponseHead, events: readonly Spoken[], warnings: readonly string[]): object {
  const text = events.flatMap((event) => (event.type === 'text' ? [event.text] : [])).join('')
  const reasoning = events.flatMap((event) => (event.type === 'reasoning' ? [event.text] : [])).join('')
  const calls = events.flatMap((event) => (event.type === 'toolCall' ? [wireCall(event)] : []))
  const usage = events.find((event) => event.type === 'usage')
  const stop = events.find((event) => event.type === 'stop')
  const raw = events.find((event) => event.type === 'raw')
  const message = {
    role: 'assistant',
    content: text === '' && calls.length > 0 ? null : text,
    ...(reasoning === '' ? {} : { reasoning_content: reasoning }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
    ...(raw === undefined ? {} : { limi_raw: raw.text }),
  }
  return {
    ...head,
    object: 'chat.completion',
    choices: [{ index: 0, message, finish_reason: FINISH[stop?.reason ?? 'other'] }],
    ...(usage === undefined ? {} : { usage: wireUsage(usage.usage) }),
    ...warned(warnings),
  }
}

const wireCall = (event: Extract<ModelEvent, { type: 'toolCall' }>) => ({
  id: event.id,
  type: 'function',
  function: { name: event.name, arguments: event.arguments },
})

const wireUsage = ({ inputTokens, outputTokens, cachedInputTokens, reasoningTokens }: Usage) => ({
  prompt_tokens: inputTokens,
  completion_tokens: outputTokens,
  total_tokens: inputTokens + outputTokens,
  ...(cachedInputTokens === undefined ? {} : { prompt_tokens_details: { cached_tokens: cachedInputTokens } }),
  ...(reasoningTokens === undefined ? {} : { completion_tokens_details: { reasoning_tokens: reasoningTokens } }),
})
