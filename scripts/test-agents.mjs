// Installs the agents that the recorder was tried with, each in a folder of its own, and runs the tests that record them for real.
// Once installed (some 1.6 GB), they are kept in LIMI_AGENTS, or in .limi/agents-for-tests.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const AGENTS = [
  { name: 'claude', package: '@anthropic-ai/claude-code@2.1.197' },
  { name: 'codex', package: '@openai/codex@0.169.0' },
  { name: 'gemini', package: '@google/gemini-cli@0.61.0' },
  { name: 'qwen', package: '@qwen-code/qwen-code@0.15.10' },
  { name: 'opencode', package: 'opencode-ai@1.18.33' },
]

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const folder = process.env.LIMI_AGENTS ?? path.join(root, '.limi', 'agents-for-tests')

/** Of PyPI: into an environment of its own; LiteLLM loads `mcp`, which it does not ask for. */
const PYTHON_AGENT = { name: 'mini', packages: ['mini-swe-agent==2.4.6', 'mcp'] }

function installedFromPyPi({ name, packages }) {
  const home = path.join(folder, name)
  const program = path.join(home, 'bin', name)
  if (existsSync(program)) return program
  console.log(`installing ${packages.join(', ')}`)
  try {
    execFileSync('python3', ['-m', 'venv', home], { stdio: 'inherit' })
    execFileSync(path.join(home, 'bin', 'pip'), ['install', '--quiet', ...packages], { stdio: 'inherit' })
    return program
  } catch (error) {
    console.log(`not installed, its tests are skipped: ${error.message}`)
    return undefined
  }
}

function installed({ name, package: wanted }) {
  const home = path.join(folder, name)
  const program = path.join(home, 'node_modules', '.bin', name)
  if (existsSync(program)) return program
  mkdirSync(home, { recursive: true })
  writeFileSync(path.join(home, 'package.json'), '{"private":true}\n')
  console.log(`installing ${wanted}`)
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', wanted], {
    cwd: home,
    stdio: 'inherit',
  })
  return program
}

const env = Object.fromEntries(AGENTS.map((agent) => [`LIMI_TEST_${agent.name.toUpperCase()}`, installed(agent)]))
const mini = installedFromPyPi(PYTHON_AGENT)
if (mini !== undefined) env.LIMI_TEST_MINI_SWE_AGENT = mini
const wanted = process.argv.slice(2)
const tests = wanted.length > 0 ? wanted : ['.agents.test.ts']
execFileSync(process.execPath, ['scripts/build.mjs', '--if-stale'], { cwd: root, stdio: 'inherit' })
const { status } = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...tests], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, ...env },
})
process.exitCode = status ?? 1
