import { execFile } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { FailureError, Query, unwrap, type Score } from '../../../nouns/index.js'
import { virtualSandboxes, type Sandbox } from '../../sandboxes/index.js'
import { scorerFor } from '../scorers.js'
import { readTests } from './tests.js'

const place = mkdtempSync(path.join(os.tmpdir(), 'limi-verifier-'))
afterAll(() => rmSync(place, { recursive: true }))
let made = 0

/** A system of its own below a folder, in which `/tests` and `/logs` lie: what a container is, without its walls. */
function standIn(): Sandbox & { readonly root: string } {
  const root = path.join(place, `system${(made += 1)}`)
  const workspace = path.join(root, 'app')
  mkdirSync(workspace, { recursive: true })
  const inside = (text: string): string => text.replaceAll(/(?<![\w.])\/(tests|logs)\b/g, `${root}/$1`)
  const unused = (): never => {
    throw new Error('not needed here')
  }
  return {
    ...{ root, capabilities: { realProcesses: true, network: false }, enter: unused, files: unused, diff: unused },
    exec: (command, { timeoutMs = 10_000, signal } = {}) =>
      new Promise((resolve) => {
        const options = { cwd: workspace, timeout: timeoutMs, ...(signal === undefined ? {} : { signal }) }
        execFile('bash', ['-c', inside(command)], options, (error, stdout, stderr) => {
          const timedOut = error?.killed === true && signal?.aborted !== true
          const exitCode = typeof error?.code === 'number' ? error.code : error === null ? 0 : 124
          resolve({ stdout, stderr, exitCode, timedOut, truncatedBytes: 0 })
        })
      }),
    read: (name) =>
      Promise.resolve(existsSync(path.join(workspace, name)) ? readFileSync(path.join(workspace, name)) : null),
    write(name, content) {
      mkdirSync(path.dirname(path.join(workspace, name)), { recursive: true })
      writeFileSync(path.join(workspace, name), inside(Buffer.from(content).toString()))
      return Promise.resolve()
    },
    snapshot() {
      const id = path.join(place, `snapshot${(made += 1)}`)
      cpSync(root, id, { recursive: true })
      return Promise.resolve({ id })
    },
    restore({ id }) {
      rmSync(root, { recursive: true })
      cpSync(id, root, { recursive: true })
      return Promise.resolve()
    },
    dispose: () => Promise.resolve(),
  }
}

function testsWith(files: Readonly<Record<string, string>>): string {
  const folder = path.join(place, `tests${(made += 1)}`)
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
    writeFileSync(path.join(folder, name), content)
  }
  return folder
}

interface Given {
  readonly verdict?: string
  readonly seconds?: number
  readonly env?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

async function scored(sandbox: Sandbox, tests: readonly string[], given: Given = {}): Promise<Score> {
  const { digest } = unwrap(await readTests(tests))
  const { verdict = 'reward', seconds = 10, env = {}, signal } = given
  const query = Query.parse({
    ...{ format: 'limi.query/1', id: 'q', request: 'do', start: {}, source: { kind: 'person' } },
    scoring: {
      kind: 'verifier',
      tests: tests.map((one) => path.relative(place, one)),
      digest,
      run: 'bash /tests/test.sh',
      env,
      seconds,
      verdict,
    },
  })
  const scorer = unwrap(scorerFor(query, { root: place }))
  return scorer.score({ query, sandbox, answer: '', ...(signal === undefined ? {} : { signal }) })
}

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'none',
    (error: unknown) => (error instanceof FailureError ? error.failure.code : String(error)),
  )

const ONE = 'echo 1 > /logs/verifier/reward.txt\n'

describe('a verifier', () => {
  test('judges the workspace as the agent left it, and leaves it so', async () => {
    const sandbox = standIn()
    await sandbox.write('done', 'yes')
    const tests = testsWith({ 'test.sh': `touch spoilt; rm done; echo seen; ls /tests; ${ONE}`, 'data/a b.txt': 'x' })
    const score = await scored(sandbox, [tests])
    expect(score).toMatchObject({ score: 1, max: 1, passed: true })
    expect(score.requirements).toEqual([
      { id: 'verifier', passed: true, weight: 0, evidence: 'reward.txt: 1\nseen\ndata\ntest.sh' },
    ])
    expect(score.feedback).toBeUndefined()
    expect(existsSync(path.join(sandbox.root, 'tests'))).toBe(false)
    expect(existsSync(path.join(sandbox.root, 'logs'))).toBe(false)
    expect((await sandbox.exec('ls -A')).stdout).toBe('done\n')
  })

  test('runs what lies in its tests alone, a later place over an earlier one, with its variables', async () => {
    const sandbox = standIn()
    mkdirSync(path.join(sandbox.root, 'tests'))
    writeFileSync(path.join(sandbox.root, 'tests/planted.sh'), 'exit 0\n')
    const shared = testsWith({
      'test.sh': 'echo 0 > /logs/verifier/reward.txt\n',
      'run me': '#!/bin/sh\necho "ran $WORDS"\n',
    })
    chmodSync(path.join(shared, 'run me'), 0o755)
    const own = testsWith({
      'test.sh': `ls /tests; "/tests/run me"; ${ONE}`,
    })
    const { requirements } = await scored(sandbox, [shared, own], { env: { WORDS: `it's "$HOME"` } })
    expect(requirements[0]?.evidence).toBe(`reward.txt: 1\nrun me\ntest.sh\nran it's "$HOME"`)
    expect(existsSync(path.join(sandbox.root, 'tests/planted.sh'))).toBe(true)
  })

  test('counts what has no verdict as failed, and says why', async () => {
    const why = async (script: string, given: Given = {}): Promise<unknown> => {
      const { score, passed, requirements, feedback } = await scored(
        standIn(),
        [testsWith({ 'test.sh': script })],
        given,
      )
      return [score, passed, requirements[0]?.evidence.split('\n')[0], feedback !== undefined]
    }
    expect(await why('echo no')).toEqual([0, false, 'the tests wrote no reward', true])
    expect(await why('echo maybe > /logs/verifier/reward.txt')).toEqual([
      0,
      false,
      'reward.txt holds no number: "maybe\\n"',
      true,
    ])
    expect(await why('echo 0.4 > /logs/verifier/reward.txt')).toEqual([0.4, false, 'reward.txt: 0.4', true])
    expect(await why(`${ONE} sleep 20`, { seconds: 0.5 })).toEqual([
      0,
      false,
      'the tests did not end within 0.5 s',
      true,
    ])
    expect(await why('echo PASSED a::b', { verdict: 'pytest' })).toEqual([
      0,
      false,
      'the tests printed no results',
      true,
    ])
    const flood = 'echo "= short test summary info ="; echo PASSED a; head -c 9000000 /dev/zero | tr "\\0" x'
    expect(await why(flood, { verdict: 'pytest' })).toEqual([0, false, 'the tests printed too much to be read', true])
  })

  test('does not judge where the fault is not the agent’s', async () => {
    const tests = testsWith({ 'test.sh': 'echo 2 > /logs/verifier/reward.txt' })
    expect(await codeOf(scored(standIn(), [tests]))).toBe('verifier.reward')
    const nameless = testsWith({ 'test.sh': `echo '{"a": 1, "b": 0}' > /logs/verifier/reward.json` })
    expect(await codeOf(scored(standIn(), [nameless]))).toBe('verifier.reward')
    const shut = {
      ...standIn(),
      exec: () => Promise.resolve({ stdout: '', stderr: 'read-only', exitCode: 1, timedOut: false, truncatedBytes: 0 }),
    }
    expect(await codeOf(scored(shut, [tests]))).toBe('verifier.place')
    const virtual = unwrap(await virtualSandboxes.create({ files: {} }))
    expect(await codeOf(scored(virtual, [tests]))).not.toBe('none')
    const signal = AbortSignal.timeout(300)
    expect(await codeOf(scored(standIn(), [testsWith({ 'test.sh': 'sleep 20' })], { signal }))).toBe(
      'rollout.interrupted',
    )
  })

  test('refuses tests that are others than those it was made for, or no plain files', async () => {
    const tests = testsWith({ 'test.sh': ONE })
    const sandbox = standIn()
    const changing: Sandbox = { ...sandbox, snapshot: () => Promise.reject(new Error('it goes on')) }
    const { digest } = unwrap(await readTests([tests]))
    writeFileSync(path.join(tests, 'test.sh'), 'exit 1\n')
    expect(unwrap(await readTests([tests])).digest).not.toBe(digest)
    const query = Query.parse({
      ...{ format: 'limi.query/1', id: 'q', request: 'do', start: {}, source: { kind: 'person' } },
      scoring: { kind: 'verifier', tests: [tests], digest, run: 'true', seconds: 1, verdict: 'reward' },
    })
    expect(await codeOf(unwrap(scorerFor(query)).score({ query, sandbox: changing, answer: '' }))).toBe(
      'verifier.changed',
    )
    symlinkSync('/etc/hostname', path.join(tests, 'link'))
    const read = await readTests([tests])
    expect(read.ok ? 'ok' : read.failure.code).toBe('verifier.tests')
  })
})
