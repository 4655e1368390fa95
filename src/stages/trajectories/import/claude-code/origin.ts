import type { Origin } from '../../../../nouns/index.js'
import { habitsNamed } from '../../../../shared/agents/index.js'
import type { Piece } from '../anthropic-messages/index.js'
import { fieldsIn, isFields } from '../values.js'
import { textOf, type MessageLine } from './line.js'

const { speakerOf } = habitsNamed('claude')

const INTERRUPTED = '[Request interrupted by user'

/** Who said what a user line holds. In a sub-agent's thread no person speaks: its agent program passes on what the model wrote. */
export function originOf(line: MessageLine, piece: Piece, isSubagent: boolean): Origin {
  if (piece.role === 'tool') return 'tool'
  if (line['isCompactSummary'] === true) return 'rebuilt'
  if (isSubagent || line['isMeta'] === true || piece.origin === 'agent') return 'agent'
  const kind = textOf(fieldsIn(line, 'origin'), 'kind')
  if (kind !== undefined && kind !== 'human') return 'agent'
  return speakerOf(firstTextOf(piece))
}

export const isInterruption = (piece: Piece): boolean =>
  piece.role === 'user' && firstTextOf(piece).trimStart().startsWith(INTERRUPTED)

export function firstTextOf({ content }: Piece): string {
  if (typeof content === 'string') return content
  const text = content.find((part) => part.type === 'text')?.['text']
  return typeof text === 'string' ? text : ''
}

/** A forked session begins with the lines of its parent, each with the place that it was copied from. */
export const isCopied = (line: MessageLine): boolean => isFields(line['forkedFrom'])
