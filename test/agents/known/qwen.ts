import { toolCall, type AgentUnderTest } from '../agent-under-test.js'

export const qwen: AgentUnderTest = {
  name: 'qwen',
  env: (root) => ({ OPENAI_BASE_URL: `${root}/v1`, OPENAI_API_KEY: 'sk-very-secret', OPENAI_MODEL: 'scripted' }),
  ask: (prompt) => ['--auth-type', 'openai', '-y', '-p', prompt],
  askAgain: (prompt) => ['--auth-type', 'openai', '-y', '--continue', '-p', prompt],
  shell: (command) => toolCall('run_shell_command', { command, is_background: false }),
  subagent: (prompt) => toolCall('agent', { description: 'counts', prompt, subagent_type: 'general-purpose' }),
  compact: { tokens: 900_000, asks: { user: 'generate the <state_snapshot>' } },
  mendsCuts: false,
  asides: [
    { match: { system: 'memory extraction' }, replies: Array.from({ length: 9 }, () => ({ text: 'Nothing.' })) },
  ],
}
