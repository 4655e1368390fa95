import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { unwrap } from '../../../../nouns/index.js'
import type { Benchmark, BenchmarkTask } from '../benchmark.js'
import { holdsHarborTasks, readHarbor } from './index.js'

const FIXTURES = path.resolve('test/fixtures/harbor-tasks')
const place = mkdtempSync(path.join(os.tmpdir(), 'limi-harbor ü-'))
afterAll(() => rmSync(place, { recursive: true }))
let made = 0

type Files = Readonly<Record<string, string | null>>

/** A copy of one of the fixture's tasks with other files; null takes one away. */
function taskWith(base: 'greeting' | 'older', files: Files): string {
  const folder = path.join(place, `benchmark${(made += 1)}`, 'task')
  cpSync(path.join(FIXTURES, base), folder, { recursive: true })
  for (const [name, content] of Object.entries(files)) {
    rmSync(path.join(folder, name), { force: true, recursive: true })
    if (content === null) continue
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
    writeFileSync(path.join(folder, name), content)
  }
  return folder
}

/** Why a task is left out; its name where it is taken. */
async function whyOf(folder: string): Promise<string> {
  const read = await readHarbor(folder, place)
  return read.ok ? 'taken' : (read.failure.message.split('\n')[1]?.trim() ?? read.failure.code)
}

const tasksOf = (benchmark: Benchmark): readonly BenchmarkTask[] => benchmark.tasks({ seed: 0, count: { tasks: 1000 } })

const config = (more: string): Files => ({ 'task.toml': `version = "1.0"\n${more}\n` })
const dockerfile = (...lines: readonly string[]): Files => ({
  'environment/Dockerfile': `${lines.join('\n')}\n`,
})

describe('tasks of Harbor and Terminal-Bench', () => {
  test('are read as queries that begin in their images and are scored by their tests', async () => {
    expect(holdsHarborTasks(FIXTURES)).toBe(true)
    const benchmark = unwrap(await readHarbor(FIXTURES, path.resolve('test')))
    expect(benchmark).toMatchObject({ name: 'harbor-tasks', sizes: { tasks: 3 } })
    expect(benchmark.leftOut).toEqual([
      {
        id: 'needs-network',
        why: 'its tests fetch from the network, and a sandbox has none: tests/test.sh:3: curl -LsSf https://example.invalid/install.sh | sh',
      },
    ])
    const [greeting, older, two] = tasksOf(benchmark).map(({ query }) => query)
    expect(greeting).toMatchObject({
      id: 'greeting',
      request: 'Write the words of words.txt, in one line, into greeting.txt.\n',
      split: 'heldout',
      tags: { difficulty: 'easy', category: 'files' },
      start: { image: { build: 'fixtures/harbor-tasks/greeting/environment' }, limits: { memory: 512, disk: 1024 } },
      scoring: {
        tests: ['fixtures/harbor-tasks/greeting/tests'],
        env: { EXPECTED: "Good day, Zoë's friends" },
        seconds: 60,
        verdict: 'reward',
      },
      source: { parameters: { layout: 'harbor', agentSeconds: 120 } },
    })
    expect(older).toMatchObject({
      request: 'Make a folder named out with a file ready in it.',
      start: { image: { build: 'fixtures/harbor-tasks/older' } },
      scoring: {
        tests: ['fixtures/harbor-tasks/older/run-tests.sh', 'fixtures/harbor-tasks/older/tests'],
        run: 'bash /tests/run-tests.sh',
        env: { TEST_DIR: '/tests' },
        seconds: 30,
        verdict: 'pytest',
      },
    })
    expect(two?.start.limits).toEqual({ memory: 1024 })
    expect(two?.scoring).toMatchObject({ seconds: 600 })
  })

  test('bring their variables into the sandbox', async () => {
    const envOf = async (base: 'greeting' | 'older', files: Files): Promise<unknown> =>
      tasksOf(unwrap(await readHarbor(taskWith(base, files), place)))[0]?.query.start.image?.env
    expect(await envOf('greeting', config('[environment.env]\nA = "1"\nB = "x=y z"'))).toEqual({ A: '1', B: 'x=y z' })
    expect(await envOf('greeting', {})).toBeUndefined()
    expect(await envOf('older', {})).toEqual({ TEST_DIR: '/tests' })
    const composed = (environment: string): Files => ({
      'docker-compose.yaml': `services: { client: { build: ., environment: ${environment} } }`,
    })
    expect(await envOf('older', composed('[LANG=C.UTF-8, EMPTY=]'))).toEqual({ LANG: 'C.UTF-8', EMPTY: '' })
    expect(await envOf('older', composed('{ N: 1, T: "${T_BENCH_TEST_DIR}" }'))).toEqual({ N: '1', T: '/tests' })
    expect(await whyOf(taskWith('older', composed('{ KEY: $OPENAI_API_KEY }')))).toMatch(/environment/)
  })

  test('are others when their tests, image or limits are others', async () => {
    const digestOf = async (files: Files): Promise<string> => {
      const [task] = tasksOf(unwrap(await readHarbor(taskWith('greeting', files), place)))
      const { start, scoring, source } = task?.query ?? {}
      return JSON.stringify([start?.limits, scoring, source]).replaceAll(/benchmark\d+/g, '')
    }
    const plain = await digestOf({})
    expect(await digestOf({ 'README.md': 'words' })).toBe(plain)
    expect(await digestOf({ 'tests/lib/read': '#!/bin/sh\n' })).not.toBe(plain)
    expect(await digestOf({ 'environment/words.txt': 'other' })).not.toBe(plain)
    expect(await digestOf(config('[verifier]\ntimeout_sec = 5'))).not.toBe(plain)
  })

  test('are told from limi’s own folders', () => {
    const own = path.join(place, 'own')
    cpSync(FIXTURES, own, { recursive: true })
    expect(holdsHarborTasks(own)).toBe(true)
    writeFileSync(path.join(own, '.pre-commit-config.yaml'), 'repos: []\n')
    expect(holdsHarborTasks(own)).toBe(true)
    execFileSync('mkfifo', [path.join(own, 'waits.yaml')])
    symlinkSync('/nowhere', path.join(own, 'leads.yaml'))
    expect(holdsHarborTasks(own)).toBe(true)
    writeFileSync(path.join(own, 'mine.yaml'), 'format: limi.task/1\nrequest: do\n')
    expect(holdsHarborTasks(own)).toBe(false)
    expect(holdsHarborTasks(path.resolve('examples/own-benchmark/tasks'))).toBe(false)
  })

  test.each<[string, Files, RegExp]>([
    ['several steps', config('[[steps]]\nname = "a"'), /several steps/],
    ['Windows', config('[environment]\nos = "Windows"'), /runs on Windows/],
    ['a GPU', config('[environment]\ngpus = 1'), /GPU/],
    ['some hosts', config('[environment]\nnetwork_mode = "allowlist"\nallowed_hosts = ["a.org"]'), /some hosts/],
    ['the network for tests', config('[verifier]\nnetwork_mode = "public"'), /network while/],
    ['MCP', config('[[environment.mcp_servers]]\nname = "x"\nurl = "http://x"'), /MCP/],
    ['a variable of this machine', config('[environment.env]\nA = "${HOME}"'), /\$\{HOME\}/],
    ['a variable that is none', config('[environment.env]\n"A B" = "1"'), /environment\.env/],
    ['another user', config('[agent]\nuser = "worker"'), /works as worker/],
    ['another verifier', config('[verifier]\nenvironment_mode = "separate"'), /container of their own/],
    ['a verifier’s image', config('[verifier.environment]\ncpus = 1'), /container of their own/],
    ['a secret', config('[verifier.env]\nKEY = "${OPENAI_API_KEY}"'), /\$\{OPENAI_API_KEY\}/],
    ['a service', config('[environment.healthcheck]\ncommand = "true"'), /service/],
    ['a folder', config('[environment]\nworkdir = "/elsewhere"'), /works in \/elsewhere, and its image in \/app/],
    ['a key from later', config('[environment]\nquantum = true'), /environment: Unrecognized key: "quantum"/],
    ['bad TOML', config('[environment\n'), /task\.toml:2: /],
    ['a wrong type', config('[verifier]\ntimeout_sec = "long"'), /verifier\.timeout_sec/],
    ['a wrong size', config('[environment]\nmemory = "much"'), /sizes/],
    ['no task.toml', { 'task.toml': null }, /no task\.toml/],
    ['no instruction', { 'instruction.md': null }, /no instruction\.md/],
    ['an empty instruction', { 'instruction.md': '# limi-canary 1\n\n' }, /instruction is empty/],
    ['no tests', { tests: null }, /no tests\/test\.sh/],
    ['no image', { environment: null }, /no environment\/Dockerfile/],
    ['a conversation', { 'trajectory.json': '{}' }, /conversation/],
    ['an image of nothing', dockerfile('RUN true'), /from no image/],
    ['an image’s user', dockerfile('FROM a', 'USER nobody'), /runs as nobody/],
    ['a program', dockerfile('FROM a', 'ENTRYPOINT ["serve"]'), /ENTRYPOINT/],
    ['the whole system', dockerfile('FROM a', 'WORKDIR /'), /whole system/],
    ['/dev', dockerfile('FROM a', 'WORKDIR /app', 'COPY words.txt /dev/shm/x/'), /\/dev/],
    ['work in /dev', dockerfile('FROM a', 'WORKDIR /dev/shm'), /\/dev/],
    ['tests in the image', dockerfile('FROM a', 'WORKDIR /app', 'COPY words.txt ../tests/'), /\/tests/],
    [
      'containers',
      { 'environment/docker-compose.yaml': 'services: { main: {}, db: { image: x } }' },
      /2 containers: main, db/,
    ],
    ['a volume', { 'environment/docker-compose.yaml': 'services: { main: { volumes: ["./x:/x"] } }' }, /volumes/],
    ['bad YAML', { 'environment/docker-compose.yaml': 'services: [' }, /docker-compose\.yaml: /],
    ['apt', { 'tests/setup.sh': 'true\n  apt-get -y install curl' }, /tests\/setup\.sh:2/],
    ['uv', { 'tests/test.sh': 'uvx -w pytest==8 pytest' }, /network/],
    ['pip', { 'tests/test.sh': 'python -m pip install pytest' }, /network/],
  ])('are left out: %s', async (_, files, why) => {
    expect(await whyOf(taskWith('greeting', files))).toMatch(why)
  })

  test.each<[string, Files]>([
    ['a permission to use the network', config('[environment]\nallow_internet = true')],
    ['root by name', config('[agent]\nuser = "root"\n[verifier]\nuser = 0')],
    ['an image by name', config('[environment]\ndocker_image = "a:1"')],
    ['the folder that it has', config('[environment]\nworkdir = "/app/"')],
    [
      'files of its build alone',
      dockerfile('FROM a', 'WORKDIR /app', 'COPY . /tests/', 'RUN make && \\', '  rm -rf /tests'),
    ],
    ['a stage of its build', dockerfile('FROM a AS b', 'USER x', 'ENTRYPOINT ["x"]', 'FROM a', 'WORKDIR /app')],
    [
      'what a script says',
      dockerfile('FROM a', 'WORKDIR /app', "RUN cat > /x <<'END'", 'USER nobody', 'ENTRYPOINT x', 'END'),
    ],
    ['a plain compose file', { 'environment/docker-compose.yaml': 'services: { main: { build: { context: "." } } }' }],
    ['tests that speak to themselves', { 'tests/test.sh': '# apt-get install x\ncurl http://localhost:80/\npip list' }],
  ])('are taken with %s', async (_, files) => {
    expect(await whyOf(taskWith('greeting', files))).toBe('taken')
  })

  test.each<[string, Files, RegExp]>([
    [
      'the agent’s shell',
      { 'task.yaml': 'instruction: do\nrun_tests_in_same_shell: true\n' },
      /shell that the agent left/,
    ],
    ['no script', { 'run-tests.sh': null }, /no run-tests\.sh/],
    ['no instruction', { 'task.yaml': 'difficulty: easy\n' }, /task\.yaml: instruction/],
    ['no mapping', { 'task.yaml': 'instruction\n' }, /task\.yaml: /],
    ['a parser of its own', { 'task.yaml': 'instruction: do\nparser_name: mine\n' }, /parser_name/],
    ['an image that shows all', { Dockerfile: 'FROM a\nWORKDIR /app\nCOPY . .\n' }, /copies \./],
    [
      'an image that shows tests',
      { Dockerfile: 'FROM a\nWORKDIR /app\nCOPY ["tests/", "/app/t/"]\n' },
      /copies tests\//,
    ],
    [
      'an image that shows the solution',
      { Dockerfile: 'FROM a\nWORKDIR /app\nADD --chown=1 ./solution.sh x\n' },
      /copies \.\/solution\.sh/,
    ],
    ['no image', { Dockerfile: null }, /no Dockerfile/],
    [
      'variables',
      { 'docker-compose.yaml': 'services: { client: { environment: [LANG] } }' },
      /environment: \["LANG"\]/,
    ],
    ['a command', { 'docker-compose.yaml': 'services: { client: { command: serve } }' }, /command: "serve"/],
    ['another container', { 'docker-compose.yaml': 'services: { server: {} }' }, /no service client/],
    ['a network', { 'docker-compose.yaml': 'services: { client: {} }\nnetworks: { a: {} }' }, /networks/],
  ])('of the older layout are left out: %s', async (_, files, why) => {
    expect(await whyOf(taskWith('older', files))).toMatch(why)
  })

  test('are left out with links that leave them, or too much in them', async () => {
    const leaving = taskWith('greeting', {})
    symlinkSync('../../../..', path.join(leaving, 'environment/up'))
    expect(await whyOf(leaving)).toMatch(/a link leaves its folder: environment\/up/)
    const inside = taskWith('greeting', {})
    symlinkSync('words.txt', path.join(inside, 'environment/same.txt'))
    expect(await whyOf(inside)).toBe('taken')
    const linked = taskWith('greeting', {})
    symlinkSync('/etc/passwd', path.join(linked, 'tests/passwd'))
    expect(await whyOf(linked)).toMatch(/plain files, no links: passwd/)
    for (const name of [
      'instruction.md',
      'task.toml',
      'environment/Dockerfile',
      'environment',
      'tests',
      'tests/test.sh',
    ]) {
      const secret = taskWith('greeting', { [name]: null })
      symlinkSync(path.join(FIXTURES, 'greeting', name), path.join(secret, name))
      expect(await whyOf(secret), name).toMatch(/no plain (file|folder)|no links/)
    }
    for (const name of ['task.yaml', 'docker-compose.yaml', 'run-tests.sh', 'tests', 'Dockerfile']) {
      const secret = taskWith('older', { [name]: null })
      symlinkSync(path.join(FIXTURES, 'older', name), path.join(secret, name))
      expect(await whyOf(secret), name).toMatch(/no plain file|no links|a link leaves/)
    }
    const latin = taskWith('greeting', {})
    writeFileSync(path.join(latin, 'instruction.md'), Buffer.from([0x64, 0xf6]))
    expect(await whyOf(latin)).toMatch(/instruction\.md is not UTF-8/)
    const large = taskWith('greeting', { 'tests/large': '' })
    truncateSync(path.join(large, 'tests/large'), 65 << 20)
    expect(await whyOf(large)).toMatch(/more than 67108864 bytes: large/)
    const huge = taskWith('greeting', {})
    truncateSync(path.join(huge, 'task.toml'), 2 << 20)
    expect(await whyOf(huge)).toMatch(/task\.toml has 2097152 bytes/)
  })

  test('have names that can be names, once each', async () => {
    const folder = path.join(place, 'named')
    for (const name of ['001. first task', '…', 'b'.repeat(140), '.hidden', 'no task'])
      cpSync(path.join(FIXTURES, 'greeting'), path.join(folder, name), { recursive: true })
    for (const name of ['task.toml', 'instruction.md']) rmSync(path.join(folder, 'no task', name))
    symlinkSync('001. first task', path.join(folder, 'again'))
    const benchmark = unwrap(await readHarbor(folder, place))
    expect(tasksOf(benchmark).map(({ id }) => id)).toEqual([
      '001.-first-task',
      expect.stringMatching(/^task-b+-[0-9a-f]{8}$/),
      expect.stringMatching(/^task-[0-9a-f]{8}$/),
    ])
    expect(benchmark.leftOut).toEqual([
      { id: 'again', why: 'it is a link' },
      { id: 'no task', why: expect.stringMatching(/neither/) as string },
    ])
    cpSync(path.join(FIXTURES, 'greeting'), path.join(folder, '001.-first-task'), { recursive: true })
    const twice = await readHarbor(folder, place)
    expect(twice.ok ? 'ok' : twice.failure.code).toBe('benchmark.invalid')
  })
})
