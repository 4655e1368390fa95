import type { StopReason, Usage } from '../../../nouns/index.js'
import { field } from '../../json/index.js'
import type { ResponseHead, Spoken, StreamWriter, WireRequest } from '../dialect.js'
import { KIND } from '../marks.js'
import { reasoningKind } from '../reasoning-kind.js'
import { writeEvent } from '../sse.js'
import { problem } from './problem.js'
import { usageOn } from './usage.js'

/** Names of the stop reasons in chat completions. */
const FINISH: Readonly<Record<StopReason, string>> = {
  stop: 'stop',
  length: 'length',
  'tool-calls': 'tool_calls',
  'content-filter': 'content_filter',
  other: 'stop',
}

/** Chunks of a `chat.completion.chunk` stream. What was odd stands in the last one as `limi_warnings`, the model's own text as `limi_raw`. */
export function streamWriter(given: ResponseHead, request: WireRequest): StreamWriter {
  const includeUsage = field(request.params['stream_options'], 'include_usage') === true
  const head = headOf(given)
  let calls = 0
  let usage: Usage | undefined
  let raw: string | undefined
  let finish: string | null = null
  const chunk = (choices: readonly object[], more: object = {}): string =>
    writeEvent(JSON.stringify({ ...head, object: 'chat.completion.chunk', choices, ...more }))
  const delta = (content: object, more: object = {}): string =>
    chunk([{ index: 0, delta: content, finish_reason: finish }], more)
  const spoken = (event: Spoken): string => {
    switch (event.type) {
      case 'text':
        return delta({ content: event.text })
      case 'reasoning':
        return event.text === '' ? '' : delta({ reasoning_content: event.text, ...kindOf(event, given.model) })
      case 'toolCall':
        calls += 1
        return delta({ tool_calls: [{ index: calls - 1, ...wireCall(event) }] })
      case 'usage':
        usage = event.usage
        return ''
      case 'raw':
        raw = event.text
        return ''
      case 'stop':
        finish = FINISH[event.reason]
        return ''
    }
  }
  return {
    begin: () => delta({ role: 'assistant', content: '' }),
    event: spoken,
    idle: () => ': still at work\n\n',
    fail: (cause) => writeEvent(JSON.stringify(problem(cause))),
    end: (warnings) => {
      const last = delta(raw === undefined ? {} : { limi_raw: raw }, warned(warnings))
      const counted = includeUsage && usage !== undefined ? chunk([], { usage: usageOn(usage) }) : ''
      return `${last}${counted}${writeEvent('[DONE]')}`
    },
  }
}

const headOf = ({ id, created, model }: ResponseHead) => ({ id: `chatcmpl-${id}`, created, model })

const warned = (warnings: readonly string[]): object => (warnings.length === 0 ? {} : { limi_warnings: [...warnings] })

type Reasoning = Extract<Spoken, { type: 'reasoning' }>

/** Said where the model's name would say another. */
const kindOf = ({ kind }: Reasoning, model: string): object =>
  kind === reasoningKind({ model }) ? {} : { [KIND]: kind }

/** A whole `chat.completion`. A model that counts no tokens gives no `usage`; `limi_raw` is the model's own text. */
export function wholeResponse(head: ResponseHead, events: readonly Spoken[], warnings: readonly string[]): object {
  const text = events.flatMap((event) => (event.type === 'text' ? [event.text] : [])).join('')
  const reasoning = thoughtsIn(events)
  const first = events.find((event) => event.type === 'reasoning')
  const calls = events.flatMap((event) => (event.type === 'toolCall' ? [wireCall(event)] : []))
  const usage = events.find((event) => event.type === 'usage')
  const stop = events.find((event) => event.type === 'stop')
  const raw = events.find((event) => event.type === 'raw')
  const message = {
    role: 'assistant',
    content: text === '' && calls.length > 0 ? null : text,
    ...(reasoning === '' ? {} : { reasoning_content: reasoning }),
    ...(first === undefined || reasoning === '' ? {} : kindOf(first, head.model)),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
    ...(raw === undefined ? {} : { limi_raw: raw.text }),
  }
  return {
    ...headOf(head),
    object: 'chat.completion',
    choices: [{ index: 0, message, finish_reason: FINISH[stop?.reason ?? 'other'] }],
    ...(usage === undefined ? {} : { usage: usageOn(usage.usage) }),
    ...warned(warnings),
  }
}

/** Thoughts that something else parts are stretches of their own. */
function thoughtsIn(events: readonly Spoken[]): string {
  let thoughts = ''
  let last = ''
  for (const event of events) {
    if (event.type === 'reasoning') thoughts += `${thoughts !== '' && last !== 'reasoning' ? '\n\n' : ''}${event.text}`
    last = event.type
  }
  return thoughts
}

const wireCall = ({ id, name, arguments: text }: Extract<Spoken, { type: 'toolCall' }>) => ({
  id,
  type: 'function',
  function: { name, arguments: text },
})
