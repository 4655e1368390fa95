import { toolCall, type AgentUnderTest } from '../agent-under-test.js'

export const claude: AgentUnderTest = {
  name: 'claude',
  env: (root) => ({ ANTHROPIC_BASE_URL: root, ANTHROPIC_API_KEY: 'sk-ant-very-secret' }),
  ask: (prompt) => ['--allowedTools', 'Bash,Agent', '-p', prompt],
  askAgain: (prompt) => ['--allowedTools', 'Bash,Agent', '--continue', '-p', prompt],
  shell: (command) => toolCall('Bash', { command, description: 'Runs it' }),
  compact: { prompt: '/compact', asks: { user: 'create a detailed summary' } },
  subagent: (prompt) => toolCall('Agent', { description: 'counts', prompt, subagent_type: 'general-purpose' }),
  mendsCuts: true,
  asides: [],
}
