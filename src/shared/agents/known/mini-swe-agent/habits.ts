import { beginsWith } from '../begins.js'
import type { AgentHabits } from '../habits.js'

/** How texts begin by which the program answers, in the person's turn: outputs of commands before 2.0, and corrections. */
const OF_AGENT = [
  '<returncode>',
  '<output>',
  '<warning>',
  '<exception>',
  'Format error:',
  'Please always provide exactly one action',
  'Please always provide EXACTLY ONE action',
  'No tool calls found in the response',
  'Tool call error',
  'Observation:',
]

/** mini-swe-agent: SWE-agent/mini-swe-agent, src/minisweagent/config. One conversation, no sub-agents. */
export const miniSweAgentHabits: AgentHabits = {
  name: 'mini-swe-agent',
  identityOf: () => ({}),
  speakerOf: (text) => (beginsWith(OF_AGENT)(text) ? 'agent' : 'human'),
  spawns: () => false,
  isSummary: () => false,
  purposeOf: () => undefined,
}
