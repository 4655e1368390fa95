import type { Message } from '../../../../nouns/index.js'
import { readAnswer, readCalls, RESULT_SEPARATOR, valueOf } from '../../import/index.js'
import { canonicalJson } from '../../../../shared/project/index.js'
import { fieldsOf } from '../../import/values.js'
import { fullReasoning } from '../messages/index.js'

export interface Turn {
  readonly from: string
  readonly value: string
}

/** Results that follow one another are one turn, joined as LLaMA-Factory joins those of chat messages. */
export function turnsOf(messages: readonly Message[]): Turn[] {
  const turns: Turn[] = []
  for (const message of messages) {
    const turn = turnOf(message)
    const before = turns.at(-1)
    if (turn.from !== 'observation' || before?.from !== 'observation') turns.push(turn)
    else turns[turns.length - 1] = { ...before, value: `${before.value}${RESULT_SEPARATOR}${turn.value}` }
  }
  return turns
}

const NAMES = { system: 'system', user: 'human', assistant: 'gpt', tool: 'observation' } as const

function turnOf(message: Message): Turn {
  const { role, toolCalls = [] } = message
  const content = textOf(message.content)
  if (role !== 'assistant') return { from: NAMES[role], value: content }
  const isCall = toolCalls.length > 0 || fieldsOf(message.extra?.['sharegpt'])['from'] === 'function_call'
  const calls = toolCalls.map((call) => ({ name: call.name, argumentsJson: jsonOf(call.arguments) }))
  const said = { content, reasoning: fullReasoning(message), ...(calls.length === 0 ? {} : { calls }) }
  return { from: isCall ? 'function_call' : 'gpt', value: asItCame(message, content) ?? valueOf(said) }
}

/** The value that an import kept, where it still says the same. */
function asItCame(message: Message, content: string): string | undefined {
  const { value } = fieldsOf(message.extra?.['sharegpt'])
  if (typeof value !== 'string') return undefined
  const calls = message.toolCalls ?? []
  const read = calls.length === 0 ? readAnswer(value) : readCalls(value)
  const same =
    read?.content === content &&
    read.reasoning === fullReasoning(message) &&
    calls.length === (read.calls ?? []).length &&
    calls.every(
      ({ name, arguments: text }, at) => name === read.calls?.[at]?.name && isText(text, read.calls[at].arguments),
    )
  return same ? value : undefined
}

function isText(text: string, value: unknown): boolean {
  if (typeof value === 'string' || value === undefined) return text === (value ?? '')
  return canonicalOf(text) === canonicalOf(JSON.stringify(value))
}

const canonicalOf = (text: string): string => {
  try {
    return canonicalJson(JSON.parse(text))
  } catch {
    return text
  }
}

/** Text that is no JSON object stands in quotes, from where an import takes it back. */
function jsonOf(text: string): string {
  try {
    const value: unknown = JSON.parse(text)
    return value !== null && typeof value === 'object' ? text : JSON.stringify(text)
  } catch {
    return JSON.stringify(text)
  }
}

/** The texts among the parts: images have no place. */
function textOf(content: Message['content']): string {
  if (typeof content === 'string') return content
  return content.flatMap((part) => (typeof part['text'] === 'string' ? [part['text']] : [])).join('\n')
}
