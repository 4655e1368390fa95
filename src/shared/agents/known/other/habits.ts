import { beginsWith, isReminder } from '../begins.js'
import type { AgentHabits } from '../habits.js'

/** Tags that agents put around what they write into a person's turn themselves. */
const OF_AGENT = ['<environment_context>', '<environment_details>', '<session_context>', '<task-notification>']

/** Any other program: what is known of none in particular. */
export const otherHabits: AgentHabits = {
  name: 'other',
  identityOf: () => ({}),
  speakerOf: (text) => (isReminder(text) || beginsWith(OF_AGENT)(text) ? 'agent' : 'human'),
  spawns: () => undefined,
  isSummary: beginsWith(['This session is being continued from a previous conversation', '<state_snapshot>']),
  purposeOf: () => undefined,
}
