import { beginsWith, isReminder, purposeBy } from '../begins.js'
import type { AgentHabits } from '../habits.js'

const OF_AGENT = [
  'What did we do so far?',
  'Continue if you have next steps, or stop and ask for clarification',
  'Summarize the task tool output above and continue with your task.',
  'The following tool was executed by the user',
  'Called the Read tool with the following input',
  'Called the list tool with the following input',
]

/** opencode: sst/opencode, packages/opencode/src/session (`prompt.ts`, `compaction.ts`, `llm`), and what version 1.18 sends. */
export const opencodeHabits: AgentHabits = {
  name: 'opencode',
  /** A sub-agent is a session of its own, which names its parent. */
  identityOf: (headers) => {
    const own = headers['x-session-affinity'] ?? headers['x-opencode-session']
    const parent = headers['x-parent-session-id']
    if (own === undefined) return {}
    return parent === undefined ? { session: own } : { session: parent, subagent: own }
  },
  speakerOf: (text) => (isReminder(text) || beginsWith(OF_AGENT)(text) ? 'agent' : 'human'),
  spawns: (tool) => tool === 'task',
  isSummary: () => false,
  purposeOf: purposeBy({
    system: {
      'You are a title generator': 'title: a name for the session',
      'You are a context summarization agent': 'compact: the conversation is summed up',
      'You are an anchored context summarization': 'compact: the conversation is summed up',
      'Summarize what was done in this conversation': 'summary: what was done, for a list of sessions',
    },
    turn: { 'Generate a title for this conversation': 'title: a name for the session' },
  }),
}
