import { beginsWith, isReminder, purposeBy } from '../begins.js'
import { geminiHabits } from '../gemini/habits.js'
import type { AgentHabits } from '../habits.js'

const OF_AGENT = ['<task-notification>', 'Recently accessed file (full current content embedded)']
const COMPACT = 'compact: the conversation is summed up'

/** Qwen Code, which grew out of Gemini CLI: QwenLM/qwen-code, packages/core, and what versions 0.15 and later send. */
export const qwenHabits: AgentHabits = {
  ...geminiHabits,
  name: 'qwen',
  identityOf: () => ({}),
  speakerOf: (text) => (isReminder(text) || beginsWith(OF_AGENT)(text) ? 'agent' : geminiHabits.speakerOf(text)),
  spawns: (tool) => tool === 'agent' || tool === 'task',
  purposeOf: (request) => purposeOf(request) ?? geminiHabits.purposeOf(request),
}

const purposeOf = purposeBy({
  system: { 'You are now acting as the managed memory': 'memory: what is worth keeping of the session' },
  turn: {
    'You are the component that summarizes a conversation': COMPACT,
    'You are the component that summarizes internal chat history': COMPACT,
    'First, reason in your scratchpad. Then, generate the <state_snapshot>': COMPACT,
    '[SUGGESTION MODE': 'suggestion: what the person might say next',
    'Managed memory has TWO directories': 'memory: what is worth keeping of the session',
    'Generate a concise, sentence-case title': 'title: a name for the session',
  },
})
