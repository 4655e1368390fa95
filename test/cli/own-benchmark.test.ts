import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { ShownEvaluation } from '../../src/stages/evaluation/index.js'
import { expectRefusal, limiForTests } from '../support/cli.js'
import { writeConfig, writeScript } from '../support/project.js'

const limi = limiForTests()
const root = path.join(limi.place, 'ours ü')

const bash = (command: string) => ({ text: `\`\`\`bash\n${command}\n\`\`\`` })
const said = { text: 'It is done, and the total is 12.' }

/** What a model says that can do all of it but one word. */
const SCRIPT = [
  {
    request: 'Sort names.txt by the alphabet and save the result as sorted.txt.',
    replies: [bash('sort names.txt > sorted.txt'), said],
  },
  { request: 'How many hours are in hours.txt, all together?', replies: [said] },
  {
    request: 'Put the texts of the folder parts, in the order of their names, into report.txt.',
    replies: [bash('cat parts/*.txt > report.txt'), said],
  },
  {
    request: 'Now write the number of lines of report.txt into lines.txt.',
    replies: [bash('grep -c . report.txt > lines.txt'), said],
  },
  {
    request: 'Write the word of word.txt backwards into out.txt.',
    replies: [bash('[ "$(cat word.txt)" = plum ] && echo plum > out.txt || rev word.txt > out.txt'), said, said, said],
  },
]

const query = (id: string, more: string): string =>
  `format: limi.query/1\nid: ${id}\nrequest: How many hours are in hours.txt, all together?\nstart: {}\nsource: { kind: person }\n${more}\n`

const CHECKED = 'scoring: { kind: checks, checks: [{ kind: answer, id: a, contains: "12" }] }'

beforeAll(async () => {
  await writeConfig(root)
  await writeScript(path.join(root, 'scripts/expert.jsonl'), SCRIPT)
  await cp(path.resolve('examples/own-benchmark'), path.join(root, 'own'), { recursive: true })
  await mkdir(path.join(root, 'queries'))
  await writeFile(path.join(root, 'queries/held.yaml'), query('held', `split: heldout\n${CHECKED}`))
  await writeFile(
    path.join(root, 'queries/open.yaml'),
    query('open', 'split: heldout\nscoring: { kind: none, why: nobody wrote checks }'),
  )
  await writeFile(path.join(root, 'queries/taught.yaml'), query('taught', CHECKED))
})

const run = (benchmark: string, ...more: string[]) =>
  limi.json<ShownEvaluation>(root, 'eval', 'run', benchmark, '--agent', 'shell', ...more)

describe('limi eval run on a benchmark of one’s own', () => {
  it('measures a folder of YAML tasks, subtasks and all', async () => {
    const { code, data } = await run('own/tasks')
    expect(code).toBe(0)
    expect(data).toMatchObject({ benchmark: './own/tasks', id: 'office-expert' })
    expect(data.trials.map(({ task, subtask, suite }) => `${suite} ${task} ${subtask}`).sort()).toEqual([
      'files report 1',
      'files report 2',
      'files sort-names 1',
      'numbers add-up 1',
    ])
    expect(data.trials.every(({ rounds }) => rounds.at(-1)?.passed === true)).toBe(true)
  })

  it('measures a module, whose scorer says what was met', async () => {
    const { code, data } = await run('./own/bench.ts', '--rounds', '2')
    expect(code).toBe(0)
    expect(data.trials).toHaveLength(3)
    const plum = data.trials.find(({ task }) => task === 'reverse-plum')
    expect(plum?.rounds.map(({ score, max, passed }) => ({ score, max, passed }))).toEqual([
      { score: 1, max: 2, passed: false },
      { score: 1, max: 2, passed: false },
    ])
    expect(plum?.rounds[0]?.requirements).toEqual([
      { id: 'written', passed: true, weight: 1, evidence: 'out.txt: plum' },
      { id: 'backwards', passed: false, weight: 1, evidence: 'expected mulp' },
    ])
    expect(data.trials.filter(({ rounds }) => rounds.at(-1)?.passed)).toHaveLength(2)
    expect(data.metrics.SR.value).toBeCloseTo(2 / 3)
    const folder = path.join(root, 'evaluations', data.id, 'trajectories')
    const texts = await Promise.all((await readdir(folder)).map((name) => readFile(path.join(folder, name), 'utf8')))
    expect(texts.join('')).toContain('That is not the word backwards.')
    expect(texts.join('')).not.toContain('mulp')
  })

  it('goes on where a scorer fails, whose trial counts for nothing', async () => {
    const bench = await readFile(path.join(root, 'own/bench.ts'), 'utf8')
    const unless = "if (task.id === 'reverse-pear' && !existsSync('calm')) throw new Error('no pears')"
    const bad = bench.replace('const written =', `${unless}\n    const written =`)
    await writeFile(path.join(root, 'own/bad.ts'), `import { existsSync } from 'node:fs'\n${bad}`)
    const { code, data, stderr } = await run('./own/bad.ts', '--rounds', '1', '--id', 'bad')
    expect(data.trials.map(({ task, cause }) => [task, cause]).sort()).toEqual([
      ['reverse-apple', null],
      ['reverse-pear', 'judge'],
      ['reverse-plum', null],
    ])
    expect(data.metrics.SR).toMatchObject({ value: 0.5, n: 2 })
    expect(stderr).toContain('its scorer threw: no pears (')
    const told = '1 of 3 rows not measured, and not counted: --retry-unmeasured makes their trials again'
    expect([code, stderr.includes(told)]).toEqual([1, true])
    // Found finished, it is as incomplete as before.
    const again = await run('./own/bad.ts', '--rounds', '1', '--id', 'bad')
    expect([again.code, again.stderr.includes(told)]).toEqual([1, true])
    await writeFile(path.join(root, 'own/calm'), '')
    const retried = await run('./own/bad.ts', '--rounds', '1', '--id', 'bad', '--retry-unmeasured')
    expect([retried.code, retried.data.metrics.SR.n]).toEqual([0, 3])
  })

  it('measures the project’s own held-out queries, and names those that cannot be scored', async () => {
    const { code, data, stderr } = await run('heldout')
    expect(data.trials.map(({ task }) => task)).toEqual(['held'])
    expect(stderr).toContain('task open of heldout is left out: it cannot be scored: nobody wrote checks')
    expect(code).toBe(1)
  })

  it('takes tasks by name, pattern and number', async () => {
    const { code, data } = await run('own/tasks', '--tasks', 'sort-*', '--tasks', 'numbers=1', '--id', 'some')
    expect(code).toBe(0)
    expect(data.trials.map(({ task }) => task).sort()).toEqual(['add-up', 'sort-names'])
  })

  it('refuses what is not there, and names the nearest', async () => {
    const refuse = (benchmark: string, ...more: string[]) =>
      limi.run(root, 'eval', 'run', benchmark, '--agent', 'shell', ...more)
    expectRefusal(await refuse('own/tasks', '--tasks', 'sort-name'), {
      code: 'benchmark.task',
      what: /did you mean "sort-names"/,
    })
    expectRefusal(await refuse('own/tasks', '--tasks', 'number=1'), {
      code: 'benchmark.suite',
      what: /did you mean "numbers"/,
    })
    expectRefusal(await refuse('held-out'), { code: 'benchmark.unknown', what: /heldout/, todo: /\.\/my-bench/ })
    expectRefusal(await refuse('./nowhere'), { code: 'file.absent', what: /nowhere/ })
    expectRefusal(await refuse('./limi.yaml'), { code: 'benchmark.unknown', what: /neither/ })
  })
})
