import type { Part, ToolCall, ToolSpec } from '../../../../nouns/index.js'
import { habitsNamed } from '../../../agents/index.js'
import type { WireMessage, WireRequest, WireResponse } from '../../../wire/index.js'
import type { RecordedCall } from '../../call.js'
import { createAssembler, type Assembled } from '../index.js'

export const system = (content: string): WireMessage => ({ role: 'system', content })
export const user = (...texts: readonly string[]): WireMessage => ({
  role: 'user',
  content: texts.length === 1 ? (texts[0] ?? '') : texts.map((text): Part => ({ type: 'text', text })),
})
export const says = (content: string, ...toolCalls: readonly ToolCall[]): WireMessage => ({
  role: 'assistant',
  content,
  ...(toolCalls.length === 0 ? {} : { toolCalls: [...toolCalls] }),
})
export const calls = (id: string, name: string, args: object | string): ToolCall => ({
  id,
  name,
  arguments: typeof args === 'string' ? args : JSON.stringify(args),
})
export const result = (toolCallId: string, content: string): WireMessage => ({ role: 'tool', toolCallId, content })
export const tools = (...names: readonly string[]): readonly ToolSpec[] => names.map((name) => ({ name }))

export interface Exchange {
  readonly shown: readonly WireMessage[]
  readonly said?: WireMessage
  readonly response?: Partial<WireResponse>
  readonly request?: Partial<WireRequest>
  readonly call?: Partial<RecordedCall>
}

/** What calls come to, in the order given, with the tools of a program unless a call has its own. */
export function assembled(agent: string, exchanges: readonly Exchange[]): Assembled {
  const assembler = createAssembler(habitsNamed(agent))
  for (const [at, one] of exchanges.entries()) assembler.add(recorded(one, at + 1))
  return assembler.assembled()
}

export const recorded = ({ shown, said, response, request, call }: Exchange, seq: number): RecordedCall => ({
  ...{
    id: `c${seq}`,
    dialect: 'messages',
    time: `2026-01-01T00:00:${String(seq).padStart(2, '0')}.000Z`,
    durationMs: 500,
  },
  identity: {},
  status: 200,
  request: {
    ...{ model: 'asked', stream: true, params: {}, wantsSchema: false },
    ...{ tools: tools('Bash', 'Task'), messages: shown },
    ...request,
  },
  ...(said === undefined && response === undefined
    ? {}
    : { response: { ...(said === undefined ? {} : { message: said }), complete: true, ...response } }),
  ...call,
})

/** Threads as lines of `origin: text`, a call after its text in brackets. */
export const lines = ({ threads }: Assembled): Record<string, readonly string[]> =>
  Object.fromEntries(
    threads.map(({ id, messages }) => [
      id,
      messages.map(({ origin, content, toolCalls }) => {
        const text = typeof content === 'string' ? content : content.map((part) => part['text']).join(' | ')
        return `${origin}: ${text}${(toolCalls ?? []).map((one) => ` [${one.name}]`).join('')}`
      }),
    ]),
  )

export const reasons = ({ asides }: Assembled): readonly string[] => asides.map(({ why }) => why)
