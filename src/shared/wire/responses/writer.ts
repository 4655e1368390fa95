import type { Usage } from '../../../nouns/index.js'
import { problem as problemOf } from '../chat-completions/problem.js'
import type { ResponseHead, Spoken, StreamWriter, WireRequest } from '../dialect.js'
import { writeEvent } from '../sse.js'
import { ItemWriter, type WireEvent } from './items.js'
import { usageOn } from './usage.js'

type Stop = Extract<Spoken, { type: 'stop' }>

/** The events of a response, numbered. What was odd stands in the last one as `limi_warnings`, the model's own text as `limi_raw`. */
export function streamWriter(head: ResponseHead, request: WireRequest): StreamWriter {
  let number = 0
  const items = new ItemWriter(head.id, request.tools)
  const end = endOf()
  const written = (events: readonly WireEvent[]): string =>
    events
      .map((event) => {
        number += 1
        return writeEvent(JSON.stringify({ ...event, sequence_number: number - 1 }), event.type)
      })
      .join('')
  return {
    begin: () => {
      const response = responseOn(head, 'in_progress', [], {})
      return written([
        { type: 'response.created', response },
        { type: 'response.in_progress', response },
      ])
    },
    event: (event) => (end.takes(event) ? '' : written(items.events(event))),
    idle: () => ': still at work\n\n',
    fail: (cause) => {
      const { code, message } = problemOf(cause).error
      const response = responseOn(head, 'failed', items.done(), { error: { code, message } })
      return written([{ type: 'response.failed', response }])
    },
    end: (warnings) => {
      const closed = items.close()
      const response = responseOn(head, end.status(), items.done(), { ...end.fields(), ...warned(warnings) })
      const type = end.status() === 'completed' ? 'response.completed' : 'response.incomplete'
      return written([...closed, { type, response }])
    },
  }
}

/** A whole response. */
export function wholeResponse(
  head: ResponseHead,
  events: readonly Spoken[],
  warnings: readonly string[],
  request: WireRequest,
): object {
  const items = new ItemWriter(head.id, request.tools)
  const end = endOf()
  for (const event of events) if (!end.takes(event)) items.events(event)
  items.close()
  return responseOn(head, end.status(), items.done(), { ...end.fields(), ...warned(warnings) })
}

const warned = (warnings: readonly string[]): object => (warnings.length === 0 ? {} : { limi_warnings: [...warnings] })

const responseOn = ({ id, created, model }: ResponseHead, status: string, output: readonly object[], more: object) => ({
  ...{ id: `resp_${id}`, object: 'response', created_at: created, status, model, output },
  ...{ error: null, incomplete_details: null, parallel_tool_calls: true, tool_choice: 'auto', tools: [], usage: null },
  ...more,
})

/** What is said of a response as a whole. */
function endOf() {
  let usage: Usage | undefined
  let raw: string | undefined
  let reason: Stop['reason'] = 'stop'
  const isCut = (): boolean => reason === 'length' || reason === 'content-filter'
  return {
    /** Whether an event is of this kind, and noted. */
    takes(event: Spoken): boolean {
      if (event.type === 'usage') usage = event.usage
      else if (event.type === 'raw') raw = event.text
      else if (event.type === 'stop') reason = event.reason
      else return false
      return true
    },
    status: () => (isCut() ? 'incomplete' : 'completed'),
    fields: (): object => ({
      ...(usage === undefined ? {} : { usage: usageOn(usage) }),
      ...(isCut()
        ? { incomplete_details: { reason: reason === 'length' ? 'max_output_tokens' : 'content_filter' } }
        : {}),
      ...(raw === undefined ? {} : { limi_raw: raw }),
    }),
  }
}
