import { toolCall, type AgentUnderTest } from '../agent-under-test.js'

const bash = (command: string) => toolCall('bash', { command })

export const miniSweAgent: AgentUnderTest = {
  name: 'mini-swe-agent',
  env: (root) => ({
    OPENAI_API_BASE: `${root}/v1`,
    OPENAI_API_KEY: 'sk-very-secret',
    MSWEA_CONFIGURED: 'true',
    MSWEA_COST_TRACKING: 'ignore_errors',
  }),
  ask: (prompt) => ['-y', '--exit-immediately', '-m', 'openai/scripted', '-t', prompt],
  shell: bash,
  submit: bash('echo COMPLETE_TASK_AND_SUBMIT_FINAL_OUTPUT && echo done'),
  mendsCuts: true,
  asides: [],
}
