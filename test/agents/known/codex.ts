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
  subagent: (prompt) => toolCall('spawn_agent', { message: prompt }),
  meanwhile: toolCall('exec_command', { cmd: 'sleep 4', yield_time_ms: 6000 }),
  compact: {
    tokens: 50_000,
    asks: { user: 'CONTEXT CHECKPOINT COMPACTION' },
    byService: true,
    args: ['-c', 'model_auto_compact_token_limit=40000'],
  },
  mendsCuts: true,
  asides: [],
}
