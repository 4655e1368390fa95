import { fieldsIn, readJson, textIn } from '../../../json/index.js'
import { beginsWith, purposeBy } from '../begins.js'
import type { AgentHabits, CallIdentity, Headers } from '../habits.js'

/**
 * How texts begin that Codex writes into the person's turn: the fragments of codex-rs/core/src/context, and those of earlier versions
 * (codex-rs/core/src/contextual_user_message.rs).
 */
const OF_AGENT = [
  '<environment_context>',
  '<user_instructions>',
  '# agents.md instructions',
  '<skill>',
  '<user_shell_command>',
  '<turn_aborted>',
  '<subagent_notification>',
  '<hook_prompt',
  '<goal_context>',
  '<internal_model_context',
  '<recommended_plugins>',
  '<additional_context>',
  '<permissions instructions>',
  '<collaboration_mode>',
  '<model_switch>',
  '<personality_spec>',
]

/** Codex: openai/codex, codex-rs/core (`client.rs`, `compact.rs`), and what version 0.169 sends. */
export const codexHabits: AgentHabits = {
  name: 'codex',
  identityOf,
  speakerOf: (text) => (beginsWith(OF_AGENT)(text) ? 'agent' : 'human'),
  spawns: (tool) => /(?:^|[._])spawn_agent$/.test(tool),
  isSummary: beginsWith(['Another language model started to solve this problem and produced a summary']),
  purposeOf: purposeBy({
    system: {},
    turn: { 'You are performing a CONTEXT CHECKPOINT COMPACTION': 'compact: the conversation is summed up' },
  }),
}

/** Of the kinds of sub-agents that the program names, those that hold no conversation of their own. */
const PURPOSES = new Set(['compact', 'memory_consolidation'])

/** A sub-agent has the session's id and a thread of its own. */
function identityOf(headers: Headers, body: unknown): CallIdentity {
  const turn = readJson(headers['x-codex-turn-metadata'] ?? '')?.value
  const sent = fieldsIn(body, 'client_metadata')
  const told = (name: string): string | undefined =>
    headers[name.replaceAll('_', '-')] ?? headers[name] ?? textIn(turn, name) ?? textIn(sent, name)
  const session = told('session_id') ?? told('conversation_id')
  const thread = told('thread_id')
  const kind = headers['x-openai-subagent']
  const parent = headers['x-codex-parent-thread-id'] ?? textIn(turn, 'parent_thread_id')
  const request = textIn(turn, 'request_kind')
  const isPurpose = PURPOSES.has(kind ?? '') || (request !== undefined && request !== 'turn')
  const isSubagent = !isPurpose && (parent !== undefined || kind !== undefined)
  return {
    ...(session === undefined ? {} : { session }),
    ...(isSubagent ? { subagent: thread ?? kind ?? parent } : {}),
    ...(isPurpose ? { purpose: PURPOSES.has(kind ?? '') ? kind : request } : {}),
  }
}
