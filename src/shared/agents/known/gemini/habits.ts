import { fieldsIn, textIn } from '../../../json/index.js'
import { beginsWith, purposeBy } from '../begins.js'
import type { AgentHabits } from '../habits.js'

/** How texts begin that Gemini CLI writes into the person's turn. */
const OF_AGENT = [
  '<session_context>',
  '<hook_context>',
  'This is the Gemini CLI. We are setting up',
  'This is Gemini CLI. We are setting up',
  'This is the Qwen Code. We are setting up',
  'This is Qwen Code. We are setting up',
  'System: Potential loop detected',
  '[System: You previously',
  'System: Please continue.',
]

/** Gemini CLI: google-gemini/gemini-cli, packages/core (`utils/environmentContext.ts`, `routing/strategies`, `services`, `context`). */
export const geminiHabits: AgentHabits = {
  name: 'gemini',
  /** Code Assist alone names its sessions. */
  identityOf: (_headers, body) => {
    const session = textIn(fieldsIn(body, 'request'), 'session_id')
    return session === undefined ? {} : { session }
  },
  speakerOf: (text) => (beginsWith(OF_AGENT)(text) ? 'agent' : 'human'),
  spawns: (tool) =>
    tool === 'invoke_agent' ||
    tool === 'delegate_to_agent' ||
    /^(?:codebase_investigator|cli_help|generalist|browser_agent)$/.test(tool),
  isSummary: beginsWith(['<state_snapshot>']),
  purposeOf: purposeBy({
    system: {
      'You are a specialized Task Routing AI': 'router: which model is to answer',
      'You are a Task Routing AI': 'router: which model is to answer',
      'You are the **Lead Orchestrator**': 'router: which model is to answer',
      'You are a context routing agent': 'compact: what of the history is kept',
      'You are a specialized system component responsible for distilling chat history':
        'compact: the conversation is summed up',
      'You are an expert context compressor': 'compact: a text is shortened',
      'You are an expert Context Memory Manager': 'compact: the conversation is summed up',
      'You are a diagnostic agent that determines whether a conversational AI assistant is stuck': 'loop check',
      'You are an expert code-editing assistant': 'edit correction: a failed edit is mended',
    },
    turn: {
      'Analyze *only* the content and structure of your immediately preceding response':
        'next speaker: who is to speak',
    },
  }),
}
