import type { Failure } from '../../nouns/index.js'
import type { ConversationMessage } from './conversation/index.js'
import type { MarkedTemplate } from './render/index.js'
import type { Tokenised } from './tokenised.js'

const LEAVE_OUT = 'leave this trajectory out of the selection, or take a model whose chat template prints this'

const lost = (code: string, message: string): Failure => ({ kind: 'input', code, message, remedy: LEAVE_OUT })

/** What the template leaves out of its rendering without a word: a text, a tool call, the tools on offer. Null where all is there. */
export function findLoss({ conversation, rendered, renderer }: Tokenised): Failure | null {
  const { text, spans } = rendered
  const emissions = new Map<string, string>()
  for (const { message, start, end } of spans) {
    emissions.set(message, (emissions.get(message) ?? '') + text.slice(start, end))
  }
  let from = 0
  for (const message of conversation.messages) {
    const { id, chat } = message
    const content = chat.content.trim()
    const found = text.indexOf(content, from)
    if (found < 0) return lost('content.not-shown', `the template does not print what message ${id} says`)
    from = found + content.length
    const emitted = emissions.get(id)
    const untaught = message.trains ? findUntaught(message, emitted, renderer.family) : null
    if (untaught !== null) return untaught
    const missing = chat.tool_calls?.find((call) => emitted?.includes(call.function.name) !== true)
    if (missing === undefined) continue
    return lost(
      'tool-calls.not-shown',
      `the template does not print the call of ${missing.function.name} in message ${id}`,
    )
  }
  const tool = conversation.tools?.find(({ function: { name } }) => !text.includes(name))
  if (tool === undefined) return null
  return lost('tools.not-shown', `the template does not print the tool ${tool.function.name} that was on offer`)
}

/** What of a message that trains cannot be taught by this rendering. */
function findUntaught(
  { id, stopped }: ConversationMessage,
  emitted: string | undefined,
  family: MarkedTemplate,
): Failure | null {
  if (emitted === undefined)
    return lost('message.not-marked', `the template's markers leave out message ${id}, which is to train`)
  const { stops } = family
  if (!stopped || stops === null || stops.some((stop) => emitted.endsWith(stop))) return null
  return lost('stop.not-shown', `the template prints no stop token where the model stopped, in message ${id}`)
}
