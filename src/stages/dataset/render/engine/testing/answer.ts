import type { ChatMessage } from '../../../conversation/index.js'
import { parseArguments } from '../../../conversation/lossless.js'
import { compileTemplate } from '../../template.js'
import { unwrap, type Result, type Failure } from '../../../../../nouns/index.js'
import { NOW, type Case, type RawMessage } from './oracle.js'

/** What the engine here makes of a conversation by a template. */
export function answerOf(
  source: string,
  { messages, tools, prompt, variables = {} }: Omit<Case, 'templates'>,
): Result<string> {
  const compiled = compileTemplate(source)
  if (!compiled.ok) return compiled
  const input = { tools: tools ?? null, generationPrompt: prompt ?? false, variables, now: NOW }
  return compiled.value.render({ ...input, messages: messages.map(asChat) })
}

/** Whether transformers' answer is not known here, by its own word. */
export const isUnsure = ({ code }: Failure): boolean =>
  code === 'value.prints-differently' || code === 'template.unreadable'

function asChat({ tool_calls: calls, ...rest }: RawMessage): ChatMessage {
  const read = calls?.map((call) => ({
    ...call,
    function: { name: call.function.name, arguments: unwrap(parseArguments(call.function.arguments)) },
  }))
  const message = { ...rest, ...(read === undefined ? {} : { tool_calls: read }) }
  // A template may be given null for a content, which limi itself never gives.
  return message as ChatMessage
}
