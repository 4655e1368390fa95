import { randomFrom, type Random } from '../../../shared/random/index.js'
import type { ChatMessage, Conversation, ToolDefinition } from '../conversation/index.js'

const TOOLS: readonly ToolDefinition[] = ['shell', 'read_file'].map((name) => ({
  type: 'function',
  function: {
    name,
    description: `uses ${name}`,
    parameters: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] },
  },
}))

const TEXTS = [
  'fine',
  'Let me look.\n\nHere:',
  'naïve 😀',
  '{"a": 1}',
  '  spaced ',
  '\n\n\nlate\n\n',
  '<think>\nno\n</think>\n\nyes',
  'a </think> b',
  '',
]

/** Conversations of an agent with tools: rounds of calls, alone and in parallel, with reasoning in all, some or none. */
export function agentConversations(seed: number, count: number): readonly Conversation[] {
  const random = randomFrom(seed)
  return Array.from({ length: count }, () => oneOf(random))
}

interface Manner {
  readonly reasons: number
  readonly calls: number
  readonly markup: number
}

function oneOf(random: Random): Conversation {
  const manner = {
    reasons: random.pick([0, 0, 1, 0.5]),
    calls: random.pick([0, 1, 3, 12]),
    markup: random.pick([0, 0, 0, 1]),
  }
  const chats: ChatMessage[] = random.next() < 0.5 ? [{ role: 'system', content: 'You are careful.' }] : []
  const rounds = random.int(1, 4)
  for (let round = 1; round <= rounds; round += 1) {
    chats.push({ role: 'user', content: `${textOf(random, manner)} ${round}` })
    const calls = random.int(0, manner.calls)
    for (let step = 0; step < calls; step += 1) chats.push(...calling(random, manner, chats.length))
    if (round < rounds || random.next() < 0.7) chats.push(says(random, manner, 'answer'))
  }
  return {
    messages: chats.map((chat, index) => ({
      id: `m${index}`,
      chat,
      trains: chat.role === 'assistant',
      stopped: true,
    })),
    tools: manner.calls > 0 ? TOOLS : null,
    now: new Date('2026-01-02T00:00:00Z'),
  }
}

const textOf = (random: Random, { markup }: Manner): string =>
  random.pick(TEXTS.slice(0, markup === 0 ? 6 : TEXTS.length))

function says(random: Random, manner: Manner, fallback: string): ChatMessage {
  const reasoned = random.next() < manner.reasons ? { reasoning_content: `because ${random.int(1, 9)}` } : {}
  return { role: 'assistant', content: textOf(random, manner) || fallback, ...reasoned }
}

function calling(random: Random, manner: Manner, at: number): readonly ChatMessage[] {
  const ids = Array.from({ length: random.pick([1, 1, 1, 2]) }, (_, index) =>
    `call${at}x${index}`.padEnd(9, '0').slice(0, 9),
  )
  const said = random.next() < 0.5 ? { ...says(random, manner, ''), content: '' } : says(random, manner, 'calling')
  const calls = ids.map((id, index) => ({
    id,
    type: 'function' as const,
    function: { name: index === 0 ? 'shell' : 'read_file', arguments: { path: `/tmp/${at}` } },
  }))
  const results = ids.map((id) => ({ role: 'tool', content: `${textOf(random, manner)} of ${id}`, tool_call_id: id }))
  return [{ ...said, tool_calls: calls }, ...results]
}
