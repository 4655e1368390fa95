import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { ScriptEntry } from '../../src/nouns/index.js'

type Call = NonNullable<ScriptEntry['replies'][number]['toolCalls']>[number]

/** How a known agent is made to work on its own, against a model at `root`. */
export interface AgentUnderTest {
  readonly name: string
  /** Of which a path is expected in `LIMI_TEST_<NAME>`. */
  readonly env: (root: string) => Record<string, string>
  readonly ask: (prompt: string) => readonly string[]
  readonly askAgain: (prompt: string) => readonly string[]
  readonly shell: (command: string) => Call
  /** Absent where the agent has no sub-agents that a script can start. */
  readonly subagent?: (prompt: string) => Call
  /** What it ends with although all went well in the end; 0 where not given. */
  readonly exitCode?: number
  /** What makes it sum its session up, and what it then asks the model for. Absent where its programs on their own cannot be told to. */
  readonly compact?: { readonly prompt: string; readonly asks: string }
  /** Whether it asks once more where a stream breaks. */
  readonly mendsCuts: boolean
  /** What it asks besides its turns, which the script must answer. */
  readonly asides: readonly ScriptEntry[]
  readonly settle?: (home: string) => Promise<void>
}

const call = (name: string, args: object): Call => ({ name, arguments: JSON.stringify(args, null, 1) })

export const AGENTS: readonly AgentUnderTest[] = [
  {
    name: 'claude',
    env: (root) => ({ ANTHROPIC_BASE_URL: root, ANTHROPIC_API_KEY: 'sk-ant-very-secret' }),
    ask: (prompt) => ['--allowedTools', 'Bash,Agent', '-p', prompt],
    askAgain: (prompt) => ['--allowedTools', 'Bash,Agent', '--continue', '-p', prompt],
    shell: (command) => call('Bash', { command, description: 'Runs it' }),
    compact: { prompt: '/compact', asks: 'create a detailed summary' },
    subagent: (prompt) => call('Agent', { description: 'counts', prompt, subagent_type: 'general-purpose' }),
    mendsCuts: true,
    asides: [],
  },
  {
    name: 'gemini',
    env: (root) => ({ GOOGLE_GEMINI_BASE_URL: root, GEMINI_API_KEY: 'very-secret' }),
    ask: (prompt) => ['--skip-trust', '--yolo', '-p', prompt],
    askAgain: (prompt) => ['--skip-trust', '--yolo', '--resume', 'latest', '-p', prompt],
    shell: (command) => call('run_shell_command', { command }),
    mendsCuts: false,
    asides: [
      {
        match: { system: 'Task Routing AI' },
        replies: Array.from({ length: 9 }, () => ({ text: '{"complexity_reasoning":"x","complexity_score":50}' })),
      },
    ],
    settle: async (home) => {
      await mkdir(path.join(home, '.gemini'))
      const settings = {
        security: { auth: { selectedType: 'gemini-api-key' } },
        privacy: { usageStatisticsEnabled: false },
      }
      await writeFile(path.join(home, '.gemini', 'settings.json'), JSON.stringify(settings))
    },
  },
  {
    name: 'qwen',
    env: (root) => ({ OPENAI_BASE_URL: `${root}/v1`, OPENAI_API_KEY: 'sk-very-secret', OPENAI_MODEL: 'scripted' }),
    ask: (prompt) => ['--auth-type', 'openai', '-y', '-p', prompt],
    askAgain: (prompt) => ['--auth-type', 'openai', '-y', '--continue', '-p', prompt],
    shell: (command) => call('run_shell_command', { command, is_background: false }),
    subagent: (prompt) => call('agent', { description: 'counts', prompt, subagent_type: 'general-purpose' }),
    mendsCuts: false,
    asides: [
      { match: { system: 'memory extraction' }, replies: Array.from({ length: 9 }, () => ({ text: 'Nothing.' })) },
    ],
  },
  {
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
    shell: (command) => call('exec_command', { cmd: command }),
    mendsCuts: true,
    asides: [],
  },
  {
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
    shell: (command) => call('bash', { command, description: 'Runs it' }),
    subagent: (prompt) => call('task', { description: 'counts', prompt, subagent_type: 'general' }),
    mendsCuts: true,
    asides: [{ match: { system: 'title generator' }, replies: Array.from({ length: 9 }, () => ({ text: 'A title' })) }],
  },
]
