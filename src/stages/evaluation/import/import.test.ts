import { cp, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { unwrap, type Trajectory } from '../../../nouns/index.js'
import { ZipWriter } from '../../../shared/zip/index.js'
import { listEvaluations } from '../list.js'
import { loadEvaluation } from '../load.js'
import { showEvaluation } from '../show.js'
import { compareEvaluations } from '../statistics/index.js'
import { importEvaluations, type EvaluationImport } from './index.js'

const fixture = (name: string): string => path.join(import.meta.dirname, 'inspect/fixtures', name)
const anew = (): Promise<string> => mkdtemp(path.join(tmpdir(), 'limi-eval-import-'))

async function importing(paths: readonly string[], more: Partial<EvaluationImport> = {}) {
  const folder = more.folder ?? (await anew())
  const kept: Trajectory[] = []
  const lines: string[] = []
  const report = await importEvaluations(paths, {
    folder,
    format: 'auto',
    keep: (_, trajectory) => {
      kept.push(trajectory)
      return Promise.resolve({ ok: true, value: undefined })
    },
    onLine: (line) => lines.push(line),
    ...more,
  })
  return { folder, kept, lines, report: unwrap(report) }
}

async function shownOf(folder: string, id: string) {
  return unwrap(await showEvaluation(folder, id))
}

describe('a log of Inspect', () => {
  it.each(['sums.eval', 'sums.json'])('%s has its samples as tasks and its epochs as trials', async (name) => {
    const { folder, report } = await importing([fixture(name)], { id: 'sums' })
    expect(report).toMatchObject({ imported: [{ id: 'sums', format: 'inspect', kept: false }], rejected: [] })
    const shown = await shownOf(folder, 'sums')
    expect(shown).toMatchObject({
      benchmark: 'sums',
      agent: 'inspect',
      model: 'mockllm/model',
      rounds: 1,
      done: 9,
      planned: 9,
      edited: false,
    })
    // As Inspect's reader prints them: [(s.id, s.epoch, s.scores['match'].value) for s in read_eval_log(…).samples]
    const said = shown.trials.map(({ task, trial, rounds, cause }) => [task, trial, rounds[0]?.score ?? null, cause])
    expect(said).toEqual([
      ['7', 1, 0, null],
      ['7', 2, null, 'infrastructure'],
      ['7', 3, 0, null],
      ['a-b-c-3b07f80c', 1, 1, null],
      ['a-b-c-3b07f80c', 2, 1, null],
      ['a-b-c-3b07f80c', 3, 1, null],
      ['one-plus-one-8361294e', 1, 1, null],
      ['one-plus-one-8361294e', 2, 1, null],
      ['one-plus-one-8361294e', 3, 1, null],
    ])
    expect(shown.infrastructureFaults).toBe(1)
    expect(unwrap(await listEvaluations(folder))).toMatchObject([{ id: 'sums', trials: 9, done: 9 }])
  })

  it('measures what Inspect measures: its mean over the scored samples', async () => {
    const { folder } = await importing([fixture('judged.json')], { id: 'judged' })
    const log = JSON.parse(await readFile(fixture('judged.json'), 'utf8')) as {
      results: { scores: { metrics: { accuracy: { value: number } } }[] }
    }
    const accuracy = log.results.scores[0]?.metrics.accuracy.value
    const { metrics, trials } = await shownOf(folder, 'judged')
    expect(accuracy).toBe(0.75)
    expect(metrics.FTFC.value).toBe(accuracy)
    // A partial grade is no success.
    expect(metrics.SR).toMatchObject({ value: 0.5, n: 2 })
    expect(trials[0]?.rounds[0]?.requirements).toMatchObject([
      { id: 'model_graded_qa', passed: false, evidence: expect.stringContaining('GRADE: P') as string },
    ])
    // The judge's tokens are not the agent's: 3 + 33, as the log counts the mock model's.
    expect(trials[0]?.tokens).toBe(36)
  })

  it('tells a limit on messages as a budget, and still counts the score', async () => {
    const { folder } = await importing([fixture('limited.eval')], { id: 'limited' })
    expect((await shownOf(folder, 'limited')).trials).toMatchObject([
      { task: 'loop', cause: 'budget', rounds: [{ score: 0, passed: false }] },
    ])
  })

  it('lets another scorer decide, and a key of its value', async () => {
    const { folder } = await importing([fixture('sums.eval')], { id: 'graded', scorer: 'graded' })
    const { trials, metrics } = await shownOf(folder, 'graded')
    expect(metrics.FTFC.value).toBe(0.75)
    expect(trials[0]?.rounds[0]?.requirements.map(({ id }) => id)).toEqual([
      'match',
      'includes',
      'graded.style',
      'graded.facts',
    ])
  })

  it('keeps every conversation, with who spoke', async () => {
    const { kept, folder } = await importing([fixture('sums.json')], { id: 'sums' })
    expect(kept).toHaveLength(9)
    const one = kept.find(({ id }) => id === '7-1')
    expect(one?.threads[0]?.messages.map(({ role, origin, content }) => [role, origin, content])).toEqual([
      ['system', 'agent', 'You add numbers.'],
      ['user', 'human', 'What is 3 + 4?'],
      ['assistant', 'model', 'tool call for tool add'],
      ['tool', 'tool', '2'],
      ['assistant', 'model', 'The answer is 10'],
    ])
    expect(one?.threads[0]?.messages[2]?.toolCalls).toMatchObject([{ name: 'add', arguments: '{"x":1,"y":1}' }])
    const ids = (await shownOf(folder, 'sums')).trials.map(({ trajectory }) => trajectory)
    expect(ids.sort()).toEqual(kept.map(({ id }) => id).sort())
  })

  it('is found again and not imported twice; another one of the same id is refused', async () => {
    const first = await importing([fixture('sums.eval')])
    const id = first.report.imported[0]?.id ?? ''
    expect(id).toMatch(/^sums-[0-9a-f]{8}$/u)
    const again = await importing([fixture('sums.eval')], { folder: first.folder })
    expect(again.report.imported).toMatchObject([{ id, kept: true }])
    const other = await importing([fixture('judged.eval')], { folder: first.folder, id })
    expect(other.report).toMatchObject({ imported: [], rejected: [{ code: 'import.occupied' }] })
    const manifest = JSON.parse(await readFile(path.join(first.folder, id, 'manifest.json'), 'utf8')) as object
    expect(manifest).toMatchObject({
      imported: {
        path: fixture('sums.eval'),
        format: 'inspect',
        digest: expect.stringMatching(/^[0-9a-f]{64}$/u) as string,
      },
    })
  })

  it('can be compared with another run of the same samples', async () => {
    const { folder } = await importing([fixture('sums.eval'), fixture('sums.json')])
    const ids = unwrap(await listEvaluations(folder)).map(({ id }) => id)
    const [a, b] = await Promise.all(ids.map(async (id) => unwrap(await loadEvaluation(path.join(folder, id)))))
    if (a === undefined || b === undefined) throw new Error('two were imported')
    expect(unwrap(compareEvaluations(a, b)).verdict).toBe('not-shown')
  })
})

type Log = Record<string, unknown> & { samples: Record<string, unknown>[] }

async function changedLog(change: (log: Log) => void): Promise<string> {
  const log = JSON.parse(await readFile(fixture('judged.json'), 'utf8')) as Log
  change(log)
  const file = path.join(await anew(), 'log.json')
  await writeFile(file, JSON.stringify(log))
  return file
}

const score = (value: unknown) => ({ model_graded_qa: { value } })

describe('a bad log', () => {
  it.each<[string, string, (log: Log) => void]>([
    ['of another version', 'import.version', (log) => (log['version'] = 1)],
    ['without samples', 'import.empty', (log) => (log.samples = [])],
    ['with a score beyond the scale', 'import.scale', (log) => ((log.samples[0] ?? {})['scores'] = score(7))],
    ['whose samples are no list', 'import.invalid', (log) => ((log as Record<string, unknown>)['samples'] = 'none')],
    ['without a task', 'import.invalid', (log) => (log['eval'] = {})],
  ])('%s is refused as %s', async (_, code, change) => {
    const { report, folder } = await importing([await changedLog(change)])
    expect(report).toMatchObject({
      imported: [],
      rejected: [{ code, kind: 'input', where: expect.stringContaining('log.json') as string }],
    })
    expect(await readdir(folder)).toEqual([])
  })

  it('with a number out of 10 is read where the full score is said', async () => {
    const file = await changedLog((log) => ((log.samples[0] ?? {})['scores'] = score(7)))
    const { folder } = await importing([file], { id: 'ten', maxScore: 10 })
    const { trials } = await shownOf(folder, 'ten')
    expect(trials[0]).toMatchObject({ max: 10, rounds: [{ score: 7, max: 10, passed: false }] })
  })

  it('with one sample that is none, or is there twice, loses only that one, and says so', async () => {
    const file = await changedLog((log) => log.samples.push({ id: 9 }, { ...log.samples[0] }))
    const { report, lines, folder } = await importing([file], { id: 'part' })
    expect(report.imported).toHaveLength(1)
    expect(report.rejected).toMatchObject([
      { code: 'import.invalid', where: expect.stringContaining('samples[2]') as string },
      { code: 'import.duplicate', where: expect.stringContaining('samples[3]') as string },
    ])
    expect(lines.join('\n')).toContain('2 of 4 samples are there')
    expect(await shownOf(folder, 'part')).toMatchObject({ done: 2, planned: 4 })
  })

  it('that lacks a sample which it counts says so', async () => {
    const { report } = await importing([await changedLog((log) => log.samples.pop())], { id: 'lacking' })
    expect(report).toMatchObject({ imported: [{ id: 'lacking' }], rejected: [{ code: 'import.missing' }] })
  })

  it.each([
    ['NaN', 'NaN'],
    ['no score at all', null],
    ['a word that is no grade', 'splendid'],
  ])('a sample with %s was not measured', async (_, value) => {
    const file = await changedLog((log) => ((log.samples[0] ?? {})['scores'] = value === null ? {} : score(value)))
    const { folder } = await importing([file], { id: 'some' })
    const { trials, metrics } = await shownOf(folder, 'some')
    expect(trials[0]).toMatchObject({ cause: 'judge', rounds: [] })
    expect(metrics.SR).toMatchObject({ value: 1, n: 1 })
  })

  it.each([
    ['time', 'timeout'],
    ['working', 'timeout'],
    ['token', 'budget'],
    ['cost', 'budget'],
    ['operator', 'infrastructure'],
  ])('a limit on %s is the cause %s', async (type, cause) => {
    const file = await changedLog((log) => ((log.samples[0] ?? {})['limit'] = { type, limit: 1 }))
    const { folder } = await importing([file], { id: 'some' })
    expect((await shownOf(folder, 'some')).trials[0]).toMatchObject({ cause })
  })

  it('cut, deep, or hostile by the names in it is told with its place', async () => {
    const place = await anew()
    const archive = await readFile(fixture('sums.eval'))
    await writeFile(path.join(place, 'cut.eval'), archive.subarray(0, archive.length - 100))
    await writeFile(path.join(place, 'deep.json'), `{"version": 2, "status": "success", "eval": ${'['.repeat(10_000)}`)
    await writeFile(path.join(place, 'none.txt'), 'nothing')
    const paths = ['cut.eval', 'deep.json', 'none.txt', 'absent.eval'].map((name) => path.join(place, name))
    const { report } = await importing(paths)
    expect(report.rejected.map(({ code, where }) => [code, path.basename(where ?? '')])).toEqual([
      ['archive.invalid', 'cut.eval'],
      ['json.too-deep', 'deep.json'],
      ['import.unknown-format', 'none.txt'],
      ['file.absent', 'absent.eval'],
    ])
  })
})

describe('an evaluation of our own', () => {
  it('in a folder is taken as it is: trials, metrics, digest', async () => {
    const from = await importing([fixture('sums.eval')], { id: 'from' })
    const { folder, report } = await importing([path.join(from.folder, 'from')], { id: 'to' })
    expect(report).toMatchObject({ imported: [{ id: 'to', format: 'limi' }], rejected: [] })
    const [before, after] = [await shownOf(from.folder, 'from'), await shownOf(folder, 'to')]
    expect(after).toEqual({ ...before, id: 'to' })
    const digest = async (place: string) => unwrap(await loadEvaluation(place)).evaluation.digest
    expect(await digest(path.join(folder, 'to'))).toBe(await digest(path.join(from.folder, 'from')))
  })

  it('with a trial changed since is refused', async () => {
    const { folder } = await importing([fixture('judged.eval')], { id: 'from' })
    const copy = path.join(await anew(), 'copy')
    await cp(path.join(folder, 'from'), copy, { recursive: true })
    const trial = path.join(copy, 'trials/1-1.json')
    await writeFile(trial, (await readFile(trial, 'utf8')).replace('"passed": false', '"passed": true'))
    const { report } = await importing([copy])
    expect(report).toMatchObject({ imported: [], rejected: [{ code: 'evaluation.edited', where: copy }] })
    await writeFile(trial, '{')
    expect((await importing([copy])).report.rejected).toMatchObject([{ code: 'file.invalid', where: trial }])
  })

  it('in an archive whose names lead out of it writes nothing outside', async () => {
    const { folder } = await importing([fixture('judged.eval')], { id: 'from' })
    const parts: Uint8Array[] = []
    const zip = new ZipWriter('it', (bytes) => Promise.resolve({ ok: true, value: void parts.push(bytes) }))
    const own = ['plan.json', 'manifest.json', 'trials/1-1.json', 'trials/2-1.json']
    for (const name of own) unwrap(await zip.add(name, await readFile(path.join(folder, 'from', name))))
    const hostile = [
      '../outside.json',
      'trials/../../outside.json',
      '/outside.json',
      'trials\\..\\x.json',
      'constructor/x.json',
    ]
    for (const name of hostile) unwrap(await zip.add(name, '{}'))
    unwrap(await zip.finish())
    const file = path.join(await anew(), 'hostile.zip')
    await writeFile(file, Buffer.concat(parts))
    const { report, folder: to } = await importing([file], { id: 'to' })
    expect(report.imported).toHaveLength(1)
    expect(report.rejected.map(({ code }) => code)).toEqual(hostile.map(() => 'import.foreign-file'))
    expect(await readdir(to)).toEqual(['to'])
    expect((await readdir(path.join(to, 'to'))).sort()).toEqual(['manifest.json', 'plan.json', 'trials'])
  })
})
