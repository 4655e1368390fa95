import type { AgentHabits } from '../../agents/index.js'
import { textOf, type Atom } from './atoms.js'

/** Who speaks in an atom that is not the model's. */
export function speakerIn(atom: Atom, habits: AgentHabits): 'human' | 'agent' | 'tool' | 'rebuilt' {
  if (atom.kind === 'result') return 'tool'
  if (atom.kind === 'system') return 'agent'
  const text = textIn(atom)
  return habits.isSummary(text) ? 'rebuilt' : habits.speakerOf(text)
}

function textIn({ source: { content }, parts }: Atom): string {
  if (typeof content === 'string') return content
  const part = content[parts[0] ?? 0]
  return part === undefined ? '' : (textOf(part) ?? '')
}
