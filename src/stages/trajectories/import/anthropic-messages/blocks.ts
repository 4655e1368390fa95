import type { Message } from '../../../../nouns/index.js'
import { isReminder } from '../../../../shared/agents/index.js'
import { assistantMessage, userMessages, type BlockReader, type WireMessage } from '../../../../shared/wire/index.js'
import { argumentsText } from '../arguments.js'
import type { Oddities } from '../oddities.js'
import type { Block, Content } from './record.js'

/** A message without id and place. `extra.anthropic.blocks` names the blocks it was made of, in order; a message that was text has none. */
export type Piece = WireMessage & Pick<Message, 'origin'>

/** What the model said. */
export const assistantPiece = (content: Content, model: string, oddities: Oddities): Piece => ({
  ...assistantMessage(content, model, readerFor(oddities)),
  origin: 'model',
})

/** What one user message holds, in order, an agent program's reminders apart from what a person said. */
export const userPieces = (content: Content, oddities: Oddities): Piece[] =>
  userMessages(content, readerFor(oddities), speakerOf).map((message) => ({ ...message, origin: originOf(message) }))

/** A system prompt. */
export const systemPiece = (content: string | readonly Block[]): Piece => ({
  role: 'system',
  origin: 'agent',
  content: typeof content === 'string' ? content : [...content],
})

const readerFor = (oddities: Oddities): BlockReader => ({
  argumentsOf: (block) => argumentsText(block['input'], oddities),
  odd: (kind) => oddities.count(kind),
})

function originOf({ role, content }: WireMessage): 'tool' | 'agent' | 'human' {
  if (role === 'tool') return 'tool'
  const first = typeof content === 'string' ? content : content[0]?.['text']
  return typeof first === 'string' ? speakerOf(first) : 'human'
}

/** Claude Code marks what it puts into a person's turn by this tag. */
const speakerOf = (text: string): 'agent' | 'human' => (isReminder(text) ? 'agent' : 'human')
