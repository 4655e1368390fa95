import type { Call, Message, Usage } from '../../../../nouns/index.js'
import type { Oddities } from '../oddities.js'
import { openaiCall } from '../openai-call.js'
import { reasoningKind, stopReason } from '../../../../shared/wire/index.js'
import type { Reasoning } from './record.js'
import { field, isCount, listIn, textIn } from '../values.js'

/** What a message says, without what it is called and where it came from. */
export type Said = Pick<Message, 'role' | 'origin' | 'content'> &
  Partial<Pick<Message, 'reasoning' | 'toolCalls' | 'toolCallId' | 'isError' | 'call'>>

type Answer = Pick<Message, 'content' | 'reasoning' | 'toolCalls'>

/** The model's own answer in a completion, arguments as text. */
export function answerIn(response: unknown, id: string, oddities: Oddities): Answer {
  const message = field(listIn(response, 'choices')[0], 'message')
  const content = field(message, 'content')
  const calls = listIn(message, 'tool_calls').map((call, at) => openaiCall(call, `${id}-call${at}`, oddities))
  return {
    content: typeof content === 'string' || isParts(content) ? content : '',
    ...reasoningFrom(
      {
        reasoning_content: textIn(message, 'reasoning_content') ?? textIn(message, 'reasoning'),
        thinking_blocks: listIn(message, 'thinking_blocks') as Record<string, unknown>[],
      },
      textIn(response, 'model'),
    ),
    ...(calls.length === 0 ? {} : { toolCalls: calls }),
  }
}

/** What a completion says of its call; it is kept whole in `extra`. */
export function modelCall(response: unknown, tools: string | undefined): Call {
  const stop = textIn(listIn(response, 'choices')[0], 'finish_reason')
  const usage = usageFrom(field(response, 'usage'))
  return {
    model: textIn(response, 'model') ?? 'unknown',
    params: {},
    ...(tools === undefined ? {} : { tools }),
    ...(usage === undefined ? {} : { usage }),
    ...(stop === undefined ? {} : { stop: stopReason(stop) }),
    extra: { response },
  }
}

/** `prompt_tokens` of a provider, or of OpenHands' own sums. */
export function usageFrom(usage: unknown): Usage | undefined {
  const inputTokens = field(usage, 'prompt_tokens')
  const outputTokens = field(usage, 'completion_tokens')
  if (!isCount(inputTokens) || !isCount(outputTokens)) return undefined
  const cached = field(field(usage, 'prompt_tokens_details'), 'cached_tokens') ?? field(usage, 'cache_read_tokens')
  const reasoned = field(field(usage, 'completion_tokens_details'), 'reasoning_tokens')
  return {
    inputTokens,
    outputTokens,
    ...(isCount(cached) ? { cachedInputTokens: cached } : {}),
    ...(isCount(reasoned) ? { reasoningTokens: reasoned } : {}),
  }
}

/** Reasoning as litellm passes it on, Anthropic's blocks, or an item of the Responses API. */
export function reasoningFrom(given: Reasoning, model: string | undefined): Pick<Message, 'reasoning'> {
  const { reasoning_content: text, thinking_blocks: blocks, responses_reasoning_item: item } = given
  const thoughts = (blocks ?? []).flatMap((block) => textIn(block, 'thinking') ?? [])
  const contents = listIn(item, 'content').filter((one) => typeof one === 'string')
  const summaries = listIn(item, 'summary').filter((one) => typeof one === 'string')
  const signature =
    (blocks ?? [])
      .map((block) => textIn(block, 'signature') ?? textIn(block, 'data'))
      .find((one) => one !== undefined) ?? textIn(item, 'encrypted_content')
  const full = [text ?? '', thoughts.join('\n\n'), contents.join('\n\n')].find((one) => one !== '')
  const summary = summaries.join('\n\n')
  // What an item of the Responses API holds besides its summary is what an open model wrote.
  const kind = full === contents.join('\n\n') ? 'full' : reasoningKind({ model, signed: signature !== undefined })
  if (full === undefined && summary === '' && signature === undefined) return {}
  return {
    reasoning: {
      ...(full === undefined && summary === '' ? {} : { text: full ?? summary }),
      kind: full !== undefined ? kind : summary !== '' ? 'summary' : 'hidden',
      ...(signature === undefined ? {} : { signature }),
    },
  }
}

const isParts = (value: unknown): value is { type: string }[] =>
  Array.isArray(value) && value.every((part) => typeof field(part, 'type') === 'string')
