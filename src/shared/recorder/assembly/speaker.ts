import type { Part } from '../../../nouns/index.js'
import type { AgentHabits } from '../../agents/index.js'
import { textOf, type Atom } from './atoms.js'

/** Who speaks in an atom that is not the model's. */
export function speakerIn(atom: Atom, habits: AgentHabits): 'human' | 'agent' | 'tool' | 'rebuilt' {
  if (atom.kind === 'result') return 'tool'
  if (atom.kind === 'system') return 'agent'
  return isSummary(atom, habits) ? 'rebuilt' : habits.speakerOf(textIn(atom))
}

/** Whether an atom of a person's turn stands for history that was summed up: in the agent's words, or as a part of its own. */
export function isSummary(atom: Atom, habits: AgentHabits): boolean {
  if (atom.kind !== 'user') return false
  const part = partIn(atom)
  return (part !== undefined && isCompaction(part)) || habits.isSummary(textIn(atom))
}

/** What a service's own compaction leaves, readable to it alone: OpenAI's Responses, "Compaction"; the later names are Codex's. */
export const isCompaction = ({ type }: Part): boolean =>
  type === 'compaction' || type === 'compaction_summary' || type === 'context_compaction'

/** The part of a content that an atom stands for; undefined where the content is one text. */
export const partIn = ({ source: { content }, parts }: Atom): Part | undefined =>
  typeof content === 'string' ? undefined : content[parts[0] ?? 0]

function textIn(atom: Atom): string {
  const { content } = atom.source
  if (typeof content === 'string') return content
  const part = partIn(atom)
  return part === undefined ? '' : (textOf(part) ?? '')
}
