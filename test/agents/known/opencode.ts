import { toolCall, type AgentUnderTest } from '../agent-under-test.js'

export const opencode: AgentUnderTest = {
  name: 'opencode',
  // It ends with 1 where an attempt failed, also where the next one did not.
  exitCode: 1,
  env: (root) => ({
    OPENAI_API_KEY: 'sk-very-secret',
    OPENCODE_DISABLE_MODELS_FETCH: '1',
    OPENCODE_DISABLE_DEFAULT_PLUGINS: '1',
    LIMI_TEST_UPSTREAM: `${root}/v1`,
  }),
  ask: (prompt) => ['run', '-m', 'openai/gpt-5', prompt],
  askAgain: (prompt) => ['run', '-m', 'openai/gpt-5', '--continue', prompt],
  shell: (command) => toolCall('bash', { command, description: 'Runs it' }),
  subagent: (prompt) => toolCall('task', { description: 'counts', prompt, subagent_type: 'general' }),
  compact: {
    tokens: 900_000,
    asks: { system: 'context summarization agent', user: 'the conversation so far' },
    goesOn: { user: 'Continue if you have next steps' },
    isEndless: true,
  },
  mendsCuts: true,
  asides: [{ match: { system: 'title generator' }, replies: Array.from({ length: 9 }, () => ({ text: 'A title' })) }],
}
