import type { Call, Message, ToolCall, Usage } from '../../../../nouns/index.js'
import { argumentsText } from '../arguments.js'
import type { Oddities } from '../oddities.js'
import { stopReason } from '../../../../shared/wire/index.js'
import { field, isCount, listIn } from '../values.js'
import type { OutputItem, ResponseObject } from './record.js'

/** What a provider's response says of its call; the response itself stays whole in `extra`. */
export function callFrom(response: unknown, model: string, params: Record<string, unknown>): Call {
  const [choice] = listIn(response, 'choices')
  const details = field(response, 'incomplete_details')
  const raw = field(choice, 'finish_reason') ?? field(details, 'reason') ?? field(response, 'status')
  const named = field(response, 'model')
  const usage = usageFrom(field(response, 'usage'))
  return {
    model: typeof named === 'string' ? named : model,
    params,
    ...(usage === undefined ? {} : { usage }),
    ...(typeof raw === 'string' ? { stop: stopReason(raw) } : {}),
    ...(response === undefined ? {} : { extra: { response } }),
  }
}

function usageFrom(usage: unknown): Usage | undefined {
  const inputTokens = field(usage, 'prompt_tokens') ?? field(usage, 'input_tokens')
  const outputTokens = field(usage, 'completion_tokens') ?? field(usage, 'output_tokens')
  if (!isCount(inputTokens) || !isCount(outputTokens)) return undefined
  const input = field(usage, 'prompt_tokens_details') ?? field(usage, 'input_tokens_details')
  const output = field(usage, 'completion_tokens_details') ?? field(usage, 'output_tokens_details')
  const cachedInputTokens = field(input, 'cached_tokens')
  const reasoningTokens = field(output, 'reasoning_tokens')
  return {
    inputTokens,
    outputTokens,
    ...(isCount(cachedInputTokens) ? { cachedInputTokens } : {}),
    ...(isCount(reasoningTokens) ? { reasoningTokens } : {}),
  }
}

/** The answer in a response of the Responses API: its texts, calls and reasoning. */
export function answerIn(
  { output }: ResponseObject,
  id: string,
  oddities: Oddities,
): Pick<Message, 'content' | 'toolCalls' | 'reasoning'> {
  const texts = output.filter((item) => item.type === 'message').flatMap((item) => textsIn(item, 'content'))
  const calls = output.filter((item) => item.type === 'function_call')
  const toolCalls = calls.map((item, at): ToolCall => {
    const given = field(item, 'call_id') ?? field(item, 'id')
    if (typeof given !== 'string') oddities.count('missing-call-id')
    const name = field(item, 'name')
    return {
      id: typeof given === 'string' ? given : `${id}-call${at}`,
      name: typeof name === 'string' ? name : '',
      arguments: argumentsText(field(item, 'arguments'), oddities),
    }
  })
  return {
    content: texts.join(''),
    ...(toolCalls.length === 0 ? {} : { toolCalls }),
    ...reasoningIn(output.filter((item) => item.type === 'reasoning')),
  }
}

function reasoningIn(items: readonly OutputItem[]): Pick<Message, 'reasoning'> {
  if (items.length === 0) return {}
  const full = items.flatMap((item) => textsIn(item, 'content'))
  const text = (full.length > 0 ? full : items.flatMap((item) => textsIn(item, 'summary'))).join('\n\n')
  const signature = items.map((item) => field(item, 'encrypted_content')).find((one) => typeof one === 'string')
  return {
    reasoning: {
      ...(text === '' ? {} : { text }),
      kind: full.length > 0 ? 'full' : text === '' ? 'hidden' : 'summary',
      ...(typeof signature === 'string' ? { signature } : {}),
    },
  }
}

const textsIn = (item: unknown, name: string): string[] =>
  listIn(item, name).flatMap((part) => {
    const text = field(part, 'text')
    return typeof text === 'string' ? [text] : []
  })
