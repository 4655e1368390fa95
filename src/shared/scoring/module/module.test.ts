import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { unwrap, type Score } from '../../../nouns/index.js'
import { openModule, type OpenModule } from './index.js'
import { GOOD, opened, openBody, scored, withScorer, write } from './testing/modules.js'

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
    [
      'a number that is none in what a scorer is given',
      "export const benchmark = { name: 'a', tasks: [{ id: 'x', request: 'a', data: { deep: [1, NaN] } }] }",
      'benchmark.invalid',
      /^tasks\.0\.data\.deep\.1 is NaN$/,
    ],
    [
      'seconds without end',
      "export const benchmark = { name: 'a', seconds: Infinity, tasks: [{ id: 'x', request: 'a' }] }",
      'benchmark.invalid',
      /^seconds is Infinity$/,
    ],
    ['an early end', 'process.exit(0)', 'scorer.died', /exit code 0/],
    [
      'a fault of a helper',
      "const help = () => {\n  throw new Error('x')\n}\nhelp()",
      'benchmark.invalid',
      /bench\.ts:2:\d+\)$/,
    ],
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
