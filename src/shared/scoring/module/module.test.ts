import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { FailureError, Query, unwrap, type Failure, type Score } from '../../../nouns/index.js'
import { virtualSandboxes } from '../../sandboxes/index.js'
import { openModule, type OpenModule } from './index.js'

const places: string[] = []
const opened: OpenModule[] = []
afterEach(() => Promise.all(opened.splice(0).map((one) => one.close())))
afterAll(() => Promise.all(places.map((place) => rm(place, { recursive: true, force: true }))))

async function write(files: Readonly<Record<string, string>>): Promise<string> {
  const place = await mkdtemp(path.join(os.tmpdir(), 'limi module ü '))
  places.push(place)
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(place, name)), { recursive: true })
    await writeFile(path.join(place, name), text)
  }
  return place
}

/** A module whose scorer has this body; `n` counts its calls. */
const withScorer = (body: string, more = ''): string => `
  import { defineBenchmark, type ScoreInput } from 'limi'
  let n = 0
  export const benchmark = defineBenchmark({
    name: 'ours', tasks: [{ id: 'one', request: 'Do it.' }], ${more}
    score: async ({ task, files, answer }: ScoreInput): Promise<any> => { n += 1; ${body} },
  })`

const GOOD = '{ score: 1, max: 1, passed: true }'

async function openBody(body: string, more = ''): Promise<OpenModule> {
  const folder = await write({ 'bench.ts': withScorer(body, more) })
  const module = unwrap(await openModule(path.join(folder, 'bench.ts')))
  opened.push(module)
  return module
}

/** One score of a workspace, or the failure instead. */
async function scored(
  { scoring, scorers }: OpenModule,
  answer = '',
  files: Record<string, string> = {},
): Promise<Score | Failure> {
  const source = { kind: 'benchmark', benchmark: 'ours', parameters: { task: 'one', subtask: 2, data: { right: 7 } } }
  const raw = { format: 'limi.query/1', id: 'one.2', request: 'Do it.', start: { files }, scoring, source }
  const query = Query.parse(raw)
  const sandbox = unwrap(await virtualSandboxes.create({ files, network: 'none' }))
  await sandbox.write('bin', new Uint8Array([255]))
  await sandbox.exec('mkdir empty; ln -s bin link; ln -s nowhere dangling')
  try {
    return await unwrap(scorers(query)).score({ query, sandbox, answer })
  } catch (error) {
    if (error instanceof FailureError) return error.failure
    throw error
  } finally {
    await sandbox.dispose()
  }
}

describe("a module's scorer", () => {
  it('is told of the task, the files and the answer', async () => {
    const module = await openBody(`
      const evidence = JSON.stringify([task, files.list(), files.text('a/ü.txt'), files.bytes('bin'), files.text('none'), files.bytes('__proto__'), answer])
      return { score: 2, max: 4, passed: false, requirements: [{ id: 'r', passed: false, weight: 2, evidence }], feedback: 'Again.' }`)
    const score = await scored(module, 'the answer', { 'a/ü.txt': 'text' })
    const bytes = { type: 'Buffer', data: [255] }
    const task = { id: 'one', subtask: 2, request: 'Do it.', tags: {}, data: { right: 7 } }
    const evidence = JSON.stringify([task, ['a/ü.txt', 'bin', 'link'], 'text', bytes, null, null, 'the answer'])
    expect(score).toEqual({
      ...{ score: 2, max: 4, passed: false, feedback: 'Again.' },
      requirements: [{ id: 'r', passed: false, weight: 2, evidence }],
    })
  })

  it('is TypeScript with imports of its own, or JavaScript', async () => {
    const helper = 'export enum Points { all = 3 }\nexport const points = (): number => Points.all'
    const files = {
      'bench.ts': `import { points } from './deep/helper.js'\nimport type { Nothing } from './nowhere.js'\n${withScorer('return { score: points(), max: 3, passed: true }')}`,
      'deep/helper.ts': helper,
      'plain.mjs': `export const benchmark = { name: 'plain', tasks: () => [{ id: 'a', request: 'b' }], score: () => (${GOOD}) }`,
      'common.cjs': `exports.benchmark = { name: 'common', tasks: [{ id: 'a', request: 'b' }], score: () => (${GOOD}) }`,
    }
    const folder = await write(files)
    const open = async (name: string): Promise<OpenModule> => {
      const module = unwrap(await openModule(path.join(folder, name)))
      opened.push(module)
      return module
    }
    const [typed, plain, common] = [await open('bench.ts'), await open('plain.mjs'), await open('common.cjs')]
    expect(await scored(typed)).toMatchObject({ score: 3, passed: true })
    expect(await scored(plain)).toMatchObject({ score: 1 })
    expect(await scored(common)).toMatchObject({ score: 1 })
    await writeFile(path.join(folder, 'deep/helper.ts'), `${helper} // changed`)
    expect((await open('bench.ts')).scoring.module).not.toBe(typed.scoring.module)
    expect((await open('plain.mjs')).scoring.module).toBe(plain.scoring.module)
  })

  it('stays warm, and a fresh process follows a failure', async () => {
    const module = await openBody(`if (answer === 'throw') throw new Error('no ' + n)
      if (answer === 'exit') process.exit(0)
      return { score: n, max: 100, passed: false }`)
    expect(await scored(module)).toMatchObject({ score: 1 })
    expect(await scored(module)).toMatchObject({ score: 2 })
    expect(await scored(module, 'throw')).toMatchObject({
      code: 'scorer.threw',
      message: expect.stringMatching(/no 3 \(.*bench\.ts:\d/) as string,
    })
    expect(await scored(module)).toMatchObject({ score: 4 })
    expect(await scored(module, 'exit')).toMatchObject({ code: 'scorer.died' })
    expect(await scored(module)).toMatchObject({ score: 1 })
    const many = await Promise.all(Array.from({ length: 12 }, () => scored(module)))
    expect(many.map((one) => 'passed' in one)).toEqual(many.map(() => true))
  })

  const bad: readonly [what: string, body: string, code: string, message: RegExp, more?: string][] = [
    ['never ends', 'await new Promise(() => {})', 'scorer.timeout', /within 1 seconds/, 'seconds: 1,'],
    ['loops', 'for (;;) {}', 'scorer.timeout', /within 1 seconds/, 'seconds: 1,'],
    [
      'prints a gigabyte',
      "for (;;) process.stdout.write('x'.repeat(65536)), await new Promise(setImmediate)",
      'scorer.output',
      /printed more/,
    ],
    [
      'prints a gigabyte at once, and then answers',
      `for (let i = 0; i < 1000; i += 1) console.log('x'.repeat(1e6)); return ${GOOD}`,
      'scorer.output',
      /printed more/,
    ],
    ['complains without end', "for (;;) console.error('x'.repeat(1e6))", 'scorer.output', /printed more/],
    [
      'complains a gigabyte',
      "for (;;) console.error('x'.repeat(65536)), await new Promise(setImmediate)",
      'scorer.output',
      /printed more/,
    ],
    [
      'answers with a gigabyte',
      "return { score: 1, max: 1, passed: true, feedback: 'x'.repeat(1 << 25) }",
      'scorer.output',
      /answer has more/,
    ],
    ['fills its heap', 'const a = []; for (;;) a.push(new Array(100000).fill(n++))', 'scorer.memory', /memory/],
    ['fills memory beside it', 'const a = []; for (;;) a.push(Buffer.alloc(1e8, 1))', 'scorer.memory', /memory/],
    ['takes 50 GB', 'const a = []; while (a.length < 500) a.push(Buffer.alloc(1e8, 1))', 'scorer.memory', /memory/],
    ['exits early', 'process.exit(0)', 'scorer.died', /exit code 0 before it answered/],
    ['aborts', 'process.abort()', 'scorer.died', /was ended/],
    ['throws', "throw new TypeError('not that')", 'scorer.threw', /not that/],
    ['throws what is no error', 'throw null', 'scorer.threw', /null/],
    [
      'throws later',
      "setTimeout(() => { throw new Error('late') }); await new Promise(() => {})",
      'scorer.died',
      /exit code 1/,
    ],
    ['gives nothing', 'return', 'scorer.invalid', /score/],
    ['gives NaN', 'return { score: NaN, max: 1, passed: true }', 'scorer.invalid', /score: .*number/],
    ['gives no maximum', 'return { score: 0, max: 0, passed: true }', 'scorer.invalid', /max/],
    ['gives infinity', 'return { score: 1, max: Infinity, passed: true }', 'scorer.invalid', /max/],
    ['gives more than the maximum', 'return { score: 2, max: 1, passed: true }', 'scorer.invalid', /score: more than/],
    ['gives less than nothing', 'return { score: -1, max: 1, passed: true }', 'scorer.invalid', /score/],
    ['gives other types', "return { score: '1', max: 1, passed: 'yes' }", 'scorer.invalid', /score/],
    ['misspells', `return { ...${GOOD}, feedbak: 'x' }`, 'scorer.invalid', /feedbak/],
    ['gives what is no JSON', 'const a: any = {}; a.a = a; return a', 'scorer.threw', /circular/i],
    [
      'writes answers itself',
      "process.getBuiltinModule?.('fs').writeSync(4, 'nonsense\\n'); const fs = await import('node:fs'); fs.writeSync(4, 'nonsense\\n'); await new Promise(() => {})",
      'scorer.invalid',
      /no JSON/,
    ],
    [
      'closes its answers',
      "const fs = await import('node:fs'); fs.closeSync(4); for (;;) {}",
      'scorer.died',
      /before it answered/,
    ],
  ]
  it.each(bad)(
    'that %s is a failure, and the next one is scored',
    { timeout: 60_000 },
    async (_what, body, code, message, more) => {
      const module = await openBody(`if (answer === 'well') return ${GOOD}\n${body}`, more)
      const failure = await scored(module)
      expect(failure).toMatchObject({ kind: 'input', code, where: expect.stringContaining('bench.ts') as string })
      expect((failure as Failure).message).toMatch(message)
      expect(await scored(module, 'well')).toMatchObject({ passed: true })
    },
  )

  it('cannot signal limi or others, start a process or a thread, write, or read beyond its folder', async () => {
    const target = spawn('sleep', ['100'])
    process.env['LIMI_TEST_SECRET'] = 'secret'
    const body = `
      const fs = await import('node:fs'); const child = await import('node:child_process'); const np = await import('node:process')
      const threads = await import('node:worker_threads')
      const attempt = (what: () => any): string => { try { return 'did ' + String(what()) } catch (error: any) { return String(error.code ?? error.message).slice(0, 40) } }
      const p: any = process
      const said = [
        ...[process.ppid, ${process.pid}, ${target.pid ?? 0}].flatMap((pid) => [() => process.kill(pid, 0), () => np.kill(pid, 0), () => p._kill(pid, 0)]),
        () => p._debugProcess(0), () => p.binding('process_wrap'), () => delete p.kill, () => Object.defineProperty(p, 'kill', { value: 1 }),
        () => child.spawnSync('kill', ['-0', String(process.ppid)]).status, () => child.execFileSync('/bin/true'), () => new threads.Worker('1', { eval: true }),
        () => fs.writeFileSync(${JSON.stringify(path.join(os.tmpdir(), 'limi-was-here'))}, 'x'), () => fs.readFileSync('/etc/passwd'), () => fs.readFileSync('/proc/self/status'),
        () => fs.readFileSync('/proc/' + process.ppid + '/stat'),
      ].map(attempt)
      return { ...${GOOD}, requirements: [{ id: 'said', passed: true, evidence: said.filter((one) => one.startsWith('did')).join(';') + '|' + JSON.stringify(process.env) }] }`
    const module = await openBody(body)
    const score = (await scored(module)) as Score
    delete process.env['LIMI_TEST_SECRET']
    expect(score.requirements[0]?.evidence).toBe('|{"LANG":"C.UTF-8","JITI_FS_CACHE":"false","TZ":"UTC"}')
    expect([target.exitCode, target.signalCode]).toEqual([null, null])
    target.kill()
  })

  it('is not what scores another module, or this one once it has changed', async () => {
    const module = await openBody(`return ${GOOD}`)
    const other = await openBody(`return ${GOOD} /* another */`)
    expect(await scored({ ...module, scoring: other.scoring })).toMatchObject({ code: 'scorer.changed' })
  })
})

describe('openModule', () => {
  const wrong: readonly [what: string, text: string, code: string, message: RegExp][] = [
    ['a syntax error', 'export const = 1', 'benchmark.invalid', /./],
    ['an import of nothing', "import './nowhere.js'", 'benchmark.invalid', /nowhere/],
    ['an error', "throw new Error('not today')", 'benchmark.invalid', /not today/],
    ['no benchmark', 'export const bench = 1', 'benchmark.invalid', /exports no `benchmark`/],
    ['no tasks', "export const benchmark = { name: 'a', tasks: [] }", 'benchmark.invalid', /tasks/],
    [
      'an id that leaves',
      "export const benchmark = { name: 'a', tasks: [{ id: '../x', request: 'a' }] }",
      'benchmark.invalid',
      /tasks\.0\.id/,
    ],
    [
      'a file that leaves',
      "export const benchmark = { name: 'a', tasks: [{ id: 'x', request: 'a', files: { '../x': '' } }] }",
      'benchmark.invalid',
      /tasks\.0\.files/,
    ],
    [
      'a name that is none',
      "export const benchmark = { name: '__proto__', tasks: [{ id: 'x', request: 'a' }] }",
      'benchmark.invalid',
      /name/,
    ],
    ['an early end', 'process.exit(0)', 'scorer.died', /exit code 0/],
    [
      'a gigabyte of words',
      "for (;;) console.log('x'.repeat(65536)), await new Promise(setImmediate)",
      'scorer.output',
      /printed/,
    ],
  ]
  it.each(wrong)('refuses a module with %s', async (_what, text, code, message) => {
    const file = path.join(await write({ 'bench.ts': text }), 'bench.ts')
    const module = await openModule(file)
    expect(module).toMatchObject({
      ok: false,
      failure: { kind: 'input', code, where: expect.stringContaining('bench.ts') as string },
    })
    if (!module.ok) expect(module.failure.message).toMatch(message)
  })
})
