import type { Message, Origin, ToolCall } from '../../../../nouns/index.js'
import type { Oddities } from '../oddities.js'
import { omit } from '../omit.js'
import { openaiCall, restOfOpenaiCall, type OpenaiCall } from '../openai-call.js'
import { reasoningKind } from '../../../../shared/wire/index.js'
import type { HistoryItem, Thinking } from './record.js'

/** Texts that SWE-agent's history processors leave in place of an old observation. */
const ELIDED = /^Old (environment )?output: \(\d+ lines omitted\)|^Outdated window with \d+ lines omitted/m

export const isElided = (text: string): boolean => ELIDED.test(text)

/** One item of the history as a message; what has no place in it goes to `extra.sweAgent`. */
export function messageFrom(
  item: HistoryItem,
  id: string,
  { origin, model }: { readonly origin: Origin; readonly model: string },
  oddities: Oddities,
): Message {
  const { role, content, tool_calls, tool_call_ids, thinking_blocks, ...rest } = item
  if (origin !== 'rebuilt' && typeof content === 'string' && isElided(content)) oddities.count('cut-by-agent')
  const sweAgent = {
    ...rest,
    ...(content === null || content === undefined ? { content: null } : {}),
    ...((tool_call_ids ?? []).length > 1 || (role !== 'tool' && tool_call_ids) ? { tool_call_ids } : {}),
    ...(keepsBlocks(thinking_blocks) ? { thinking_blocks } : {}),
  }
  return {
    id,
    role,
    origin,
    content: content ?? '',
    ...reasoningFrom(thinking_blocks, model),
    ...((tool_calls ?? []).length === 0
      ? {}
      : { toolCalls: (tool_calls ?? []).map((call, at) => callFrom(call, `${id}-call${at}`, oddities)) }),
    ...(role === 'tool' && tool_call_ids?.[0] !== undefined ? { toolCallId: tool_call_ids[0] } : {}),
    extra: { sweAgent },
  }
}

function callFrom(call: OpenaiCall, fallback: string, oddities: Oddities): ToolCall {
  const sweAgent = restOfOpenaiCall(call)
  return {
    ...openaiCall(call, fallback, oddities),
    ...(Object.keys(sweAgent).length === 0 ? {} : { extra: { sweAgent } }),
  }
}

/** Anthropic's blocks as one text; blocks that this loses something of are kept besides. */
function reasoningFrom(blocks: readonly Thinking[] | null | undefined, model: string): Pick<Message, 'reasoning'> {
  if (blocks === null || blocks === undefined || blocks.length === 0) return {}
  const texts = blocks.flatMap(({ thinking }) => (typeof thinking === 'string' ? [thinking] : []))
  const signature = blocks.map((block) => block.signature ?? block.data).find((one) => typeof one === 'string')
  return {
    reasoning: {
      ...(texts.length === 0 ? {} : { text: texts.join('\n\n') }),
      kind: texts.length === 0 ? 'hidden' : reasoningKind({ model, signed: typeof signature === 'string' }),
      ...(typeof signature === 'string' ? { signature } : {}),
    },
  }
}

function keepsBlocks(blocks: readonly Thinking[] | null | undefined): boolean {
  if (blocks === null || blocks === undefined || blocks.length === 0) return false
  const [first] = blocks
  return (
    blocks.length > 1 || first === undefined || Object.keys(omit(first, 'type', 'thinking', 'signature')).length > 0
  )
}
