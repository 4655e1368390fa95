import type { Conversation } from '../conversation/index.js'

/** An assistant message with all results of its calls, and the messages that opened the round it stands in: half-open ranges. */
export interface Step {
  readonly opening: readonly [number, number]
  readonly range: readonly [number, number]
  readonly trains: boolean
}

/** How many messages a conversation begins with that are the system's. */
export function leadingSystem({ messages }: Conversation): number {
  const first = messages.findIndex(({ chat }) => chat.role !== 'system')
  return first < 0 ? messages.length : first
}

/** The steps of a conversation. What is neither the assistant's nor a tool's opens a round. */
export function stepsOf(conversation: Conversation): readonly Step[] {
  const { messages } = conversation
  const steps: Step[] = []
  let opening: [number, number] = [leadingSystem(conversation), leadingSystem(conversation)]
  for (let index = opening[0]; index < messages.length; index += 1) {
    const role = messages[index]?.chat.role
    const last = steps.at(-1)
    if (role === 'assistant') {
      steps.push({ opening, range: [index, index + 1], trains: messages[index]?.trains === true })
    } else if (role === 'tool' && last?.range[1] === index) {
      steps[steps.length - 1] = { ...last, range: [last.range[0], index + 1] }
    } else {
      opening = opening[1] === index && index > 0 ? [opening[0], index + 1] : [index, index + 1]
    }
  }
  return steps
}

/** Steps from one through another, with what they need: the system's first messages, and what opened the round of the first step. */
export function windowOf(
  conversation: Conversation,
  steps: readonly Step[],
  first: number,
  last: number,
): Conversation {
  const { messages } = conversation
  const [from, to] = [steps[first], steps[last]]
  if (from === undefined || to === undefined) throw new Error('no such step')
  const context = [...messages.slice(0, leadingSystem(conversation)), ...messages.slice(...from.opening)]
  const own = messages.slice(from.range[0], to.range[1])
  return { ...conversation, messages: [...context.map((message) => ({ ...message, trains: false })), ...own] }
}
