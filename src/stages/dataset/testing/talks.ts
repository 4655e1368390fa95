import { randomFrom, type Random } from '../../../shared/random/index.js'
import type { ChatMessage, ChatToolCall, Conversation, ToolDefinition } from '../conversation/index.js'
import { AWKWARD } from './generated.js'

/** A conversation in the form of OpenAI's chat completions. */
export interface Talk {
  readonly name: string
  readonly messages: readonly ChatMessage[]
  readonly tools: readonly ToolDefinition[] | null
  /** With the prompt to speak after the last message; the answer is its text alone. */
  readonly toSpeak?: true
}

/** What families print around messages: in a message's text none of it may become structure. */
const MARKUP = [
  '<think>',
  '</think>',
  '<think>\nx\n</think>\n\n',
  '<tool_call>',
  '<tool_response>',
  '</tool_response>',
  '<|eot_id|>',
  '<|start_header_id|>',
  '<|user|>',
  '<|observation|>',
  '[/INST]',
  '</s>',
  '<｜Assistant｜>',
  '<｜end▁of▁sentence｜>',
  '<|end|>',
  '<|return|>',
  '<|channel|>final',
] as const

const schema = (properties: object): ToolDefinition['function']['parameters'] => ({ type: 'object', properties })

const TOOLS: readonly ToolDefinition[] = [
  {
    name: 'run',
    description: 'Runs a "command"\nin a shell',
    parameters: schema({ command: { type: 'string', description: 'é' } }),
  },
  {
    name: 'read_file',
    description: 'Reads',
    parameters: schema({ path: { type: 'string' }, lines: { type: 'array', items: { type: 'integer' } } }),
  },
  { name: 'stop', description: 'No parameters', parameters: schema({}) },
].map((tool) => ({ type: 'function', function: tool }))

/** Conversations as agents have them, and one in eight in any order of roles; with empty texts, markup, tools, parallel calls and reasoning. */
export function generatedTalks(seed: number, count: number): readonly Talk[] {
  const random = randomFrom(seed)
  return Array.from({ length: count }, (_, index) => {
    const messages = random.next() < 0.125 ? anyOrder(random) : agentTalk(random)
    const tools = random.next() < 0.5 ? TOOLS.slice(0, random.int(1, TOOLS.length)) : null
    return { name: `generated ${index}`, messages, tools }
  })
}

function agentTalk(random: Random): readonly ChatMessage[] {
  const messages: ChatMessage[] = random.next() < 0.5 ? [{ role: 'system', content: textOf(random) }] : []
  const rounds = random.int(1, 3)
  const [thinks, acts] = [random.pick([0, 0.4, 1]), random.pick([0, 0.6])]
  for (let round = 1; round <= rounds; round += 1) {
    messages.push({ role: 'user', content: textOf(random) })
    while (random.next() < acts) messages.push(...acting(random, thinks))
    if (round < rounds || random.next() < 0.75) messages.push(saying(random, thinks))
  }
  return messages
}

const anyOrder = (random: Random): readonly ChatMessage[] =>
  Array.from({ length: random.int(1, 6) }, () => ({
    role: random.pick(['system', 'user', 'assistant', 'tool']),
    content: textOf(random),
  }))

function saying(random: Random, thinks: number): ChatMessage {
  const reasoning = random.next() < thinks ? { reasoning_content: textOf(random) } : {}
  return { role: 'assistant', content: textOf(random), ...reasoning }
}

function acting(random: Random, thinks: number): readonly ChatMessage[] {
  const calls = Array.from({ length: random.pick([1, 1, 1, 2, 3]) }, () => callOf(random))
  const said = saying(random, thinks)
  const content = random.next() < 0.6 ? '' : said.content
  return [
    { ...said, content, tool_calls: calls },
    ...calls.map(({ id }) => ({ role: 'tool', content: textOf(random), tool_call_id: id })),
  ]
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789'.split('')

/** Nine characters, as Mistral's templates ask. */
const idOf = (random: Random): string => Array.from({ length: 9 }, () => random.pick(LETTERS)).join('')

const callOf = (random: Random): ChatToolCall => ({
  id: idOf(random),
  type: 'function',
  function: {
    name: random.pick(['run', 'read_file', 'stop']),
    arguments: Object.fromEntries(Array.from({ length: random.int(0, 3) }, (_, at) => [`key${at}`, valueOf(random)])),
  },
})

const valueOf = (random: Random): unknown =>
  random.pick([
    textOf(random),
    random.int(-9, 99_999),
    0.25,
    true,
    false,
    null,
    [],
    [1, 'two', { three: textOf(random) }],
    {},
  ])

/** Pieces of any text; one in five is empty. */
function textOf(random: Random): string {
  if (random.next() < 0.2) return ''
  return Array.from({ length: random.int(1, 5) }, () => pieceOf(random)).join('')
}

function pieceOf(random: Random): string {
  const kind = random.next()
  if (kind < 0.2) return random.pick(AWKWARD)
  if (kind < 0.26) return random.pick(MARKUP)
  if (kind < 0.9) return `${random.pick(['Look', 'the file', 'says', 'naïve', '变量', 'x = 1;', '\n\n', '- a\n- b'])} `
  return String.fromCodePoint(random.pick([0x20, 0x85, 0x0e, 0xa0, 0x2028, 0x1f680, 0xe000, random.int(0xa1, 0x2fff)]))
}

/** As limi takes it: every assistant message trains. */
export const asConversation = ({ messages, tools }: Talk, now: Date): Conversation => ({
  messages: messages.map((chat, index) => ({
    id: `m${index}`,
    chat,
    trains: chat.role === 'assistant',
    stopped: true,
  })),
  tools,
  now,
})
