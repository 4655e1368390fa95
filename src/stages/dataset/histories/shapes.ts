import type { ChatMessage, Conversation } from '../conversation/index.js'

/** What of a message a template may go by when it shows others: its role, and of the assistant's, whether it reasoned and how many calls (0, 1, 2 or more). */
export function shapeOf({ role, reasoning_content: reasoning, tool_calls: calls = [] }: ChatMessage): string {
  if (role !== 'assistant') return role
  const thought = reasoning === undefined || reasoning.trim() === '' ? '' : 'r'
  return `assistant ${thought}${Math.min(calls.length, 2)}`
}

/** A message's shape and that of the one before: what might make a template show history otherwise when the message arrives. */
export function arrivalsIn({ messages }: Conversation): readonly string[] {
  const shapes = messages.map(({ chat }) => shapeOf(chat))
  return shapes.map((shape, index) => `${shapes[index - 1] ?? ''} > ${shape}`)
}

/** Shapes of assistant messages that called nothing and have a result all the same. */
export function looseIn({ messages }: Conversation): readonly string[] {
  const found = messages.flatMap(({ chat }, index) =>
    chat.role === 'assistant' && chat.tool_calls === undefined && messages[index + 1]?.chat.role === 'tool'
      ? [shapeOf(chat)]
      : [],
  )
  return [...new Set(found)].sort()
}

/** Texts that templates look for inside messages, so that shapes alone do not say what they print. */
const MARKUP = /<\/?(?:think|tool_call|tool_response|tool)>|\[\/?(?:THINK|INST|TOOL_CALLS)\]|<[|｜]/
const TESTED =
  /(?:startswith|endswith|split|replace|find)\(\s*(?:'([^']+)'|"([^"]+)")|(?:'([^']+)'|"([^"]+)")\s+(?:not\s+)?in\s/g

/** Whether a message's text holds something that this template may look for. */
export function holdsMarkup({ messages }: Conversation, template: string): boolean {
  const tested = [...template.matchAll(TESTED)].map((found) => found.slice(1).join(''))
  // A name of a field or one that consists of white space says nothing of a text.
  const telling = tested.filter((text) => text.trim().length > 1 && !/^\w+$/.test(text))
  return messages.some(({ chat }) =>
    [chat.content, chat.reasoning_content ?? ''].some(
      (text) => MARKUP.test(text) || telling.some((one) => text.includes(one)),
    ),
  )
}
