import type { Aside, Message } from '../../../../nouns/index.js'
import type { Oddities } from '../oddities.js'
import { field, listIn } from '../values.js'
import { callsFrom, type Setup } from './message.js'
import { RawMessage } from './record.js'
import { answerIn, callFrom } from './response.js'

/** Since 2.0 an answer that could not be parsed stands in no message, but beside the correction that was sent instead. */
export function asideFrom(raw: RawMessage, at: number, setup: Setup, oddities: Oddities): Aside[] {
  const response = raw.extra?.response
  if (raw['role'] !== 'user' || response === undefined || response === null) return []
  const id = `refused-${at}`
  const answer = answerFrom(response, `${id}:m0`, oddities)
  const message: Message = {
    id: `${id}:m0`,
    role: 'assistant',
    origin: 'model',
    ...answer,
    call: callFrom(undefined, setup.model, setup.params),
  }
  const why = 'an answer that could not be parsed and was asked for again'
  return [{ id, why, thread: 'main', messages: [message], extra: { miniSweAgent: { before: `m${at}` } } }]
}

/** The response itself stays whole with the correction. */
function answerFrom(response: unknown, id: string, oddities: Oddities): Pick<Message, 'content' | 'toolCalls'> {
  const parsed = RawMessage.safeParse(response)
  if (
    parsed.success &&
    'output' in parsed.data &&
    Array.isArray(parsed.data.output) &&
    field(response, 'object') === 'response'
  ) {
    return answerIn({ object: 'response', output: parsed.data.output as { type: string }[] }, id, oddities)
  }
  const said = RawMessage.safeParse(field(listIn(response, 'choices')[0], 'message'))
  if (!said.success || !('role' in said.data)) return { content: typeof response === 'string' ? response : '' }
  const { content, tool_calls } = said.data
  return {
    content: (content as Message['content'] | null | undefined) ?? '',
    ...(Array.isArray(tool_calls) && tool_calls.length > 0
      ? { toolCalls: callsFrom(tool_calls as Parameters<typeof callsFrom>[0], id, oddities) }
      : {}),
  }
}
