import type { ToolCall, ToolSpec } from '../../../../nouns/index.js'
import type { Spoken, WireMessage } from '../../../wire/index.js'
import { dialectAt } from '../../../wire/index.js'
import type { RecordedCall } from '../../call.js'
import type { WireLog } from '../../log/index.js'

const PATH = '/v1/chat/completions'

/** How far each call's answer had come with each line of the log. */
export interface WrittenLine {
  readonly call: string
  /** Characters of its text so far. */
  readonly said: number
  readonly isEnd: boolean
}

/** Writes a call as an agent and a model would speak it in chat completions, an event of the answer a line; as many lines as are told of. */
export function writeCall(log: WireLog, call: RecordedCall): readonly WrittenLine[] {
  const { id, time, status = 200, response } = call
  const lines: WrittenLine[] = []
  let said = 0
  const add = (line: Parameters<WireLog['add']>[0], isEnd = false): void => {
    log.add(line)
    log.flush()
    lines.push({ call: id, said, isEnd })
  }
  const head = { route: 'openai', method: 'POST', url: PATH, headers: [['host', 'x']] as const }
  add({ type: 'request', call: id, time, ...head })
  add({ type: 'request-body', call: id, ms: 1, body: log.piecesOf(Buffer.from(JSON.stringify(requestOf(call)))) })
  if (response !== undefined) {
    add({ type: 'response', call: id, ms: 2, status, headers: [] })
    for (const [piece, length] of answerOf(call)) {
      said += length
      add({ type: 'chunks', call: id, chunks: [[3, piece]] })
    }
  }
  add({ type: 'end', call: id, ms: 10, how: 'complete' }, true)
  return lines
}

function requestOf({ request: { model, messages, tools, wantsSchema } }: RecordedCall): object {
  return {
    ...{ model, stream: true, messages: messages.map(messageOf), tools: tools.map(toolOf) },
    ...(wantsSchema ? { response_format: { type: 'json_schema', json_schema: { name: 'x', schema: {} } } } : {}),
  }
}

const toolOf = (tool: ToolSpec): object => ({ type: 'function', function: tool })

const messageOf = ({ role, content, toolCalls, toolCallId }: WireMessage): object => ({
  ...{ role, content },
  ...(toolCalls === undefined ? {} : { tool_calls: toolCalls.map(callOf) }),
  ...(toolCallId === undefined ? {} : { tool_call_id: toolCallId }),
})

const callOf = ({ id, name, arguments: text }: ToolCall): object => ({
  id,
  type: 'function',
  function: { name, arguments: text },
})

/** The pieces of an answer, and how much of its text each says. */
function answerOf({ id, status = 200, response }: RecordedCall): (readonly [string, number])[] {
  const place = dialectAt('POST', PATH)
  const message = response?.message
  if (place === null || status !== 200 || message === undefined) return [['{"error":{"message":"overloaded"}}', 0]]
  const request = { model: 'm', stream: true, messages: [], tools: [], params: {}, wantsSchema: false }
  const writer = place.dialect.streamWriter({ id, created: 1, model: 'm' }, request)
  const isWhole = response?.complete === true
  return [
    [writer.begin(), 0] as const,
    ...spokenIn(message).map((event) => [writer.event(event), event.type === 'text' ? event.text.length : 0] as const),
    ...(isWhole ? [[writer.event({ type: 'stop', reason: 'stop' }), 0] as const, [writer.end([]), 0] as const] : []),
  ]
}

/** A text comes in several pieces. */
function spokenIn({ reasoning, content, toolCalls = [] }: WireMessage): Spoken[] {
  const text = typeof content === 'string' ? content : ''
  return [
    ...(reasoning?.text === undefined
      ? []
      : [{ type: 'reasoning' as const, text: reasoning.text, kind: 'full' as const }]),
    ...(text.match(/[^]{1,5}/g) ?? []).map((piece) => ({ type: 'text' as const, text: piece })),
    ...toolCalls.map((call) => ({ type: 'toolCall' as const, ...call })),
  ]
}
