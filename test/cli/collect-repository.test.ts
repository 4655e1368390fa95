import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { Query, unwrap } from '../../src/nouns/index.js'
import { bubblewrapSandboxes } from '../../src/shared/sandboxes/index.js'
import { queryStore } from '../../src/stages/queries/index.js'
import { trajectoryStore } from '../../src/stages/trajectories/index.js'
import { limiForTests } from '../support/cli.js'
import { writeConfig, writeScript } from '../support/project.js'

const probed = await bubblewrapSandboxes.probe()
const REQUEST = 'isEven(3) says true. It should not.'
const fenced = (command: string): string => `\`\`\`bash\n${command}\n\`\`\``

/** A package with a dependency, a fault, and tests of which the one that shows it came later. */
const FILES = {
  'package.json': JSON.stringify({
    name: 'even',
    version: '1.0.0',
    dependencies: { 'is-number': '7.0.0' },
    scripts: { test: 'node --test' },
  }),
  'index.js': "const isNumber = require('is-number')\nexports.isEven = (n) => isNumber(n) && n % 1 === 0\n",
  'index.test.js': `const { test } = require('node:test')
const assert = require('node:assert')
const { isEven } = require('.')
test('two', () => assert.equal(isEven(2), true))
test('none', () => assert.equal(isEven('x'), false))
`,
}
const HIDDEN = `node -e "const { isEven } = require('.'); process.exit(isEven(3) || !isEven(4) || isEven('x') ? 1 : 0)"`

const registryOf = (): string => execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim()

describe.skipIf(!probed.ready)(probed.ready ? 'a repository' : `a repository: ${probed.missing.message}`, () => {
  const limi = limiForTests({ PATH: process.env['PATH'] ?? '', npm_config_registry: registryOf() })
  const root = path.join(limi.place, 'p')
  const repository = path.join(root, 'even')
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', repository, '-c', 'user.name=x', '-c', 'user.email=x@x', ...args], {
      encoding: 'utf8',
    }).trim()
  let base = ''

  beforeAll(async () => {
    await writeConfig(root, {
      agents: { shell: { kind: 'built-in', actions: 'fenced', model: 'expert' } },
      sandbox: 'bubblewrap',
      workspace: { setup: { environment: ['npm_config_registry'] } },
    })
    mkdirSync(repository)
    git('init', '-q')
    for (const [name, content] of Object.entries(FILES)) writeFileSync(path.join(repository, name), content)
    execFileSync('npm', ['install', '--package-lock-only', '--ignore-scripts'], { cwd: repository })
    git('add', '.')
    git('commit', '-qm', 'even')
    base = git('rev-parse', 'HEAD')
    writeFileSync(path.join(repository, 'index.js'), FILES['index.js'].replace('% 1', '% 2'))
    git('commit', '-qam', 'the solution')
    await writeScript(path.join(root, 'scripts/expert.jsonl'), [
      {
        request: REQUEST,
        replies: [
          {
            text: fenced(
              'npm test && cat index.js && git log --all --format=%s && (exec 3<>/dev/tcp/192.0.2.1/80) 2>/dev/null || echo no network',
            ),
          },
          {
            text: fenced(
              "sed -i 's/n % 1/n % 2/' index.js && npm test && git -c user.name=a -c user.email=a@a commit -qam fixed",
            ),
          },
          { text: 'Done.' },
        ],
      },
    ])
    const query = {
      format: 'limi.query/1',
      id: 'even',
      request: REQUEST,
      start: { repository: { path: 'even', commit: base }, setup: ['npm ci'] },
      scoring: { kind: 'checks', checks: [{ kind: 'command', id: 'right', run: HIDDEN }] },
      source: { kind: 'person' },
    }
    unwrap(await queryStore(path.join(root, 'queries')).write(Query.parse(query)))
  })

  it('is set up, worked in and scored in a sandbox, without its future', async () => {
    const { data, stderr } = await limi.json(root, 'collect', '--agent', 'shell', '--rounds', '1')
    expect(data, stderr).toMatchObject({ made: 1, rollouts: [{ id: 'pool-even', outcome: 'success' }] })
    const { threads } = unwrap(await trajectoryStore(path.join(root, 'trajectories')).read('pool-even'))
    const shown = threads.flatMap(({ messages }) => messages.filter(({ origin }) => origin === 'tool'))
    const [first = '', second = ''] = shown.map(({ content }) => JSON.stringify(content))
    expect(first).toMatch(/pass 2/)
    expect(first).toMatch(/no network/)
    expect(first).toMatch(/\beven\b/)
    expect(first).not.toMatch(/solution/)
    expect(second).toMatch(/pass 2/)
    const patch = readFileSync(path.join(root, 'recordings', 'pool-even', 'workspace.patch'), 'utf8')
    expect(patch).toContain('+exports.isEven = (n) => isNumber(n) && n % 2 === 0')
    expect(patch).not.toMatch(/node_modules|\.git\b/)
    expect(git('status', '--porcelain')).toBe('')
  })

  it('is evaluated in the same way', async () => {
    const { data, stderr } = await limi.json(root, 'eval', 'run', './queries', '--agent', 'shell', '--model', 'expert')
    const trial = { task: 'even', cause: null, diff: { 'index.js': 'changed' }, rounds: [{ passed: true }] }
    expect(data, stderr).toMatchObject({ trials: [trial] })
  })
})
