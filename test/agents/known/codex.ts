import { toolCall, type AgentUnderTest } from '../agent-under-test.js'

export const codex: AgentUnderTest = {
  name: 'codex',
  env: (root) => ({ OPENAI_BASE_URL: `${root}/v1`, CODEX_API_KEY: 'sk-very-secret' }),
  ask: (prompt) => [
    '-c',
    'model="scripted"',
    'exec',
    '--skip-git-repo-check',
    '--dangerously-bypass-approvals-and-sandbox',
    prompt,
  ],
  askAgain: (prompt) => [
    '-c',
    'model="scripted"',
    'exec',
    '--skip-git-repo-check',
    '--dangerously-bypass-approvals-and-sandbox',
    'resume',
    '--last',
    prompt,
  ],
  shell: (command) => toolCall('exec_command', { cmd: command }),
  mendsCuts: true,
  asides: [],
}
