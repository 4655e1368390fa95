import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { toolCall, type AgentUnderTest } from '../agent-under-test.js'

export const gemini: AgentUnderTest = {
  name: 'gemini',
  env: (root) => ({ GOOGLE_GEMINI_BASE_URL: root, GEMINI_API_KEY: 'very-secret' }),
  ask: (prompt) => ['--skip-trust', '--yolo', '-p', prompt],
  askAgain: (prompt) => ['--skip-trust', '--yolo', '--resume', 'latest', '-p', prompt],
  shell: (command) => toolCall('run_shell_command', { command }),
  subagent: (prompt) => toolCall('invoke_agent', { agent_name: 'generalist', prompt }),
  handIn: (result) => toolCall('complete_task', { result }),
  compact: {
    asks: { user: '<state_snapshot>' },
    settle: (home) => writeSettings(home, { model: { compressionThreshold: 0.0001 } }),
  },
  mendsCuts: false,
  asides: [
    {
      match: { system: 'Task Routing AI' },
      replies: Array.from({ length: 9 }, () => ({ text: '{"complexity_reasoning":"x","complexity_score":50}' })),
    },
  ],
  settle: (home) => writeSettings(home),
}

async function writeSettings(home: string, more = {}): Promise<void> {
  await mkdir(path.join(home, '.gemini'), { recursive: true })
  const settings = {
    security: { auth: { selectedType: 'gemini-api-key' } },
    privacy: { usageStatisticsEnabled: false },
    ...more,
  }
  await writeFile(path.join(home, '.gemini', 'settings.json'), JSON.stringify(settings))
}
