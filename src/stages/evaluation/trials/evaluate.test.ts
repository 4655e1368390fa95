import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, unlink, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { done, FailureError, type Evaluation } from '../../../nouns/index.js'
import { scriptedModel, type ChatModel } from '../../../shared/models/index.js'
import { digestOfValue, writeManifest } from '../../../shared/project/index.js'
import { scorerFor } from '../../../shared/scoring/index.js'
import { listEvaluations, loadEvaluation, showEvaluation } from '../index.js'
import { requestIn } from '../testing/request.js'
import { DOWN, faulty, MODEL, say, SCRIPT, task, TASKS } from '../testing/words.js'
import { evaluationsTable, evaluationTable } from '../tables.js'
import { evaluate, findEvaluation, readTrials, type EvaluationRequest } from './index.js'

const root = await mkdtemp(path.join(os.tmpdir(), 'limi evaluations ü-'))
afterAll(() => rm(root, { recursive: true, force: true }))

let folder = ''
let lines: string[] = []
beforeEach(() => {
  folder = path.join(root, `e${Math.random().toString(36).slice(2)}`)
  lines = []
})

const requestFor = (changes: Partial<EvaluationRequest> = {}): EvaluationRequest =>
  requestIn(folder, { onLine: (line) => lines.push(line), ...changes })

const trialFile = (name: string): string => path.join(folder, 'trials', `${name}.json`)

describe('evaluate', () => {
  it('measures what the agent did, by suite and in all', async () => {
    const progress: string[] = []
    const result = await evaluate(
      requestFor({ onProgress: ({ finished, total }) => progress.push(`${finished}/${total}`) }),
    )
    if (!result.ok) throw new Error(JSON.stringify(result.failure))
    const { metrics, suites, trials, tasks, infrastructureFaults, unmeasured } = result.value
    expect({ trials, tasks, infrastructureFaults, unmeasured }).toEqual({
      trials: 6,
      tasks: 6,
      infrastructureFaults: 0,
      unmeasured: 0,
    })
    // First turns: 1, 1, ¼, ¼, 0, 0. Solved: 4 of 6, after 1, 1, 2, 2 rounds of 3.
    expect(metrics.FTFC.value).toBeCloseTo(2.5 / 6, 12)
    expect(metrics.SR).toMatchObject({ value: 4 / 6, n: 6 })
    expect(metrics.RC).toMatchObject({ value: 0.75, n: 4 })
    expect(result.value['unusedRounds']).toMatchObject({ value: 1.5, n: 4 })
    expect(Object.keys(suites)).toEqual(['values', 'families'])
    expect(progress.at(-1)).toBe('6/6')

    const trialsRead = await readTrials(folder)
    expect(trialsRead.ok && trialsRead.value.map(({ task, rounds }) => `${task}:${rounds.length}`)).toEqual([
      't0:1',
      't1:1',
      't2:2',
      't3:2',
      't4:3',
      't5:3',
    ])
    expect((await readdir(path.join(folder, 'trajectories'))).sort()).toContain('t0-1.jsonl')
    expect(lines).toEqual([])
  })

  it('does nothing where all is done, and finds it', async () => {
    const first = await evaluate(requestFor())
    const dead = faulty(() => true, DOWN)
    expect(await evaluate(requestFor({ model: dead }))).toEqual(first)
    expect(await findEvaluation(requestFor())).toEqual(first.ok && first.value)
    expect(await findEvaluation(requestFor({ rounds: 2 }))).toBeNull()
  })

  it('is not taken for what it was once a trial was edited or removed', async () => {
    const made = await evaluate(requestFor({ trials: 2 }))
    const loaded = await loadEvaluation(folder)
    expect(loaded.ok && [loaded.value.evaluation, loaded.value.trials.length]).toEqual([made.ok && made.value, 12])
    const shown = () => showEvaluation(root, path.basename(folder))
    expect(await shown()).toMatchObject({ ok: true, value: { edited: false } })
    const whole = await readFile(trialFile('t4-1'), 'utf8')
    await writeFile(trialFile('t4-1'), whole.replace('"passed": false', '"passed": true'))
    expect(await loadEvaluation(folder)).toMatchObject({
      ok: false,
      failure: { kind: 'input', code: 'evaluation.edited', where: folder },
    })
    const edited = await shown()
    expect(edited).toMatchObject({ ok: true, value: { edited: true } })
    expect(edited.ok && evaluationTable(edited.value)).toContain('not those that were summarised')
    await writeFile(trialFile('t4-1'), whole)
    expect((await loadEvaluation(folder)).ok).toBe(true)
    await unlink(trialFile('t4-1'))
    expect(await loadEvaluation(folder)).toMatchObject({ ok: false, failure: { code: 'evaluation.edited' } })
    await unlink(path.join(folder, 'manifest.json'))
    expect(await loadEvaluation(folder)).toMatchObject({ ok: false, failure: { code: 'evaluation.unfinished' } })
  })

  it('makes again what of a finished evaluation is cut or gone, and nothing else', async () => {
    const made = await evaluate(requestFor())
    await writeFile(trialFile('t2-1'), (await readFile(trialFile('t2-1'), 'utf8')).slice(0, 200))
    await unlink(trialFile('t3-1'))
    expect(await loadEvaluation(folder)).toMatchObject({
      ok: false,
      failure: { remedy: expect.stringContaining('run the evaluation again') as string },
    })
    let calls = 0
    const model: ChatModel = {
      name: 'counting',
      async *stream(request, signal) {
        calls += 1
        yield* MODEL.stream(request, signal)
      },
    }
    const again = await evaluate(requestFor({ model }))
    expect(again.ok && made.ok && again.value.digest === made.value.digest).toBe(true)
    expect(calls).toBe(8)
    expect((await loadEvaluation(folder)).ok).toBe(true)
  })

  it('refuses more trials than anybody waits for, before anything is written', async () => {
    const made = await evaluate(requestFor({ trials: 100_000_000 }))
    expect(made).toMatchObject({ ok: false, failure: { kind: 'input', code: 'evaluation.too-large' } })
    expect(existsSync(folder)).toBe(false)
  })

  it('takes the digest of early manifests, over the trials in the order in which they were planned', async () => {
    const turned = [...TASKS].reverse()
    const made = await evaluate(requestFor({ tasks: turned, trials: 2 }))
    const trials = await readTrials(folder)
    if (!made.ok || !trials.ok) throw new Error('not made')
    const planned = [1, 2].flatMap((number) =>
      turned.map(({ id }) => trials.value.find(({ task, trial }) => task === id && trial === number)!),
    )
    const digest = digestOfValue(
      planned.map(({ task, taskDigest, trial, rounds, cause }) => [task, taskDigest, trial, rounds, cause]),
    )
    expect(digest).not.toBe(made.value.digest)
    await writeManifest(folder, { ...made.value, digest })
    expect((await loadEvaluation(folder)).ok).toBe(true)
  })

  it('takes trials of before tasks had subtasks, a row a file', async () => {
    const made = await evaluate(requestFor())
    for (const name of await readdir(path.join(folder, 'trials'))) {
      const file = path.join(folder, 'trials', name)
      const { subtasks } = JSON.parse(await readFile(file, 'utf8')) as { subtasks: Record<string, unknown>[] }
      await writeFile(file, JSON.stringify({ format: 'limi.trial/1', ...subtasks[0], subtask: undefined }))
    }
    const loaded = await loadEvaluation(folder)
    expect(loaded.ok && loaded.value.trials.map(({ subtask }) => subtask)).toEqual([1, 1, 1, 1, 1, 1])
    expect(await evaluate(requestFor({ model: faulty(() => true, DOWN) }))).toEqual(made)
    expect(lines).toEqual([])
  })

  it('refuses a folder that measures something else, and names what differs', async () => {
    await evaluate(requestFor())
    const other = await evaluate(requestFor({ rounds: 1, inputs: { model: [{ id: 'scripted', digest: 'd2' }] } }))
    expect(other).toMatchObject({ ok: false, failure: { kind: 'input', code: 'evaluation.changed' } })
    expect(!other.ok && other.failure.message).toContain(
      'rounds was 3, is 1; made from model scripted (d1), now from model scripted (d2)',
    )
    expect(await findEvaluation(requestFor())).not.toBeNull()
  })

  it('makes again a trial that was cut and one whose task has changed, and says so', async () => {
    const first = await evaluate(requestFor())
    await writeFile(trialFile('t1-1'), '{"format":"limi.trial/1","ta')
    await unlink(path.join(folder, 'manifest.json'))
    expect(await evaluate(requestFor())).toMatchObject({ ok: true, value: { digest: first.ok && first.value.digest } })
    expect(lines).toEqual([expect.stringMatching(/t1-1\.json is no trial \(not JSON.*made again/)])
    // Its whole trajectory lay there already: the new one has a name of its own.
    expect(await readdir(path.join(folder, 'trajectories'))).toContain('t1-1-again2.jsonl')

    lines = []
    const changed = [...TASKS.slice(0, 5), task(5, 'changed')]
    const model = scriptedModel('scripted', [...SCRIPT, { replies: [say('a'), say('b'), say('c')] }])
    expect(await evaluate(requestFor({ tasks: changed, model }))).toMatchObject({ ok: true, value: { trials: 6 } })
    expect(lines).toEqual(['t5-1 is made again: the task has changed'])
  })

  it('adds trials and tasks to those that are there, and leaves out those not asked for', async () => {
    await evaluate(requestFor({ tasks: TASKS.slice(0, 4) }))
    const more = await evaluate(requestFor({ trials: 2 }))
    expect(more).toMatchObject({ ok: true, value: { trials: 12, tasks: 6, metrics: { SR: { value: 8 / 12, n: 12 } } } })
    const fewer = await evaluate(requestFor({ tasks: TASKS.slice(0, 2) }))
    expect(fewer).toMatchObject({ ok: true, value: { trials: 2, metrics: { SR: { value: 1 } } } })
    expect(await readTrials(folder)).toMatchObject({ ok: true, value: [{ task: 't0' }, { task: 't1' }] })
    expect(lines).toHaveLength(10)
    expect(lines).toContain('t5-2 is left out: it is not among the trials asked for')
  })

  it('goes on after interruptions at any moment and ends as an undisturbed run', async () => {
    const whole = await evaluate(requestFor({ trials: 3 }))
    await rm(folder, { recursive: true })
    for (const stopAfter of [0, 1, 4, 2, 5]) {
      const abort = new AbortController()
      let calls = 0
      const model: ChatModel = {
        name: 'scripted',
        async *stream(request, signal) {
          calls += 1
          if (calls > stopAfter * 2) abort.abort()
          yield* MODEL.stream(request, signal)
        },
      }
      const cut = await evaluate(requestFor({ trials: 3, model, signal: abort.signal }))
      expect(cut).toMatchObject({ ok: false, failure: { kind: 'interrupted', code: 'evaluation.interrupted' } })
      expect(existsSync(path.join(folder, 'manifest.json'))).toBe(false)
    }
    const resumed = await evaluate(requestFor({ trials: 3 }))
    if (!whole.ok || !resumed.ok) throw new Error('not finished')
    expect(resumed.value.digest).toBe(whole.value.digest)
    const timeless = ({ metrics }: Evaluation) => ({ ...metrics, seconds: null })
    expect(timeless(resumed.value)).toEqual(timeless(whole.value))
    expect(resumed.value.infrastructureFaults).toBe(0)
  })

  it('retries faults that are not the agent’s, counts them, and counts nothing else for them', async () => {
    let left = 2
    const model = faulty(() => (left -= 1) >= 0, DOWN)
    const result = await evaluate(requestFor({ model, concurrency: 1 }))
    expect(result).toMatchObject({ ok: true, value: { infrastructureFaults: 2, metrics: { SR: { value: 4 / 6 } } } })
    expect(lines[0]).toBe('t0-1: infrastructure fault (HTTP 500); tried again in 0.001 s')
  })

  it('ends under way where they persist, gives up soon, and goes on from there', async () => {
    let calls = 0
    const down = await evaluate(requestFor({ model: faulty(() => (calls += 1) > 2, DOWN), concurrency: 1 }))
    expect(down).toMatchObject({ ok: false, failure: { kind: 'underway', code: 'evaluation.infrastructure' } })
    expect(!down.ok && down.failure.message).toBe(
      "1 of 6 trials have a result; 3 met a fault that is not the agent's: HTTP 500",
    )
    expect(calls).toBe(2 + 3 * 3)
    const listed = await listEvaluations(root)
    const line = listed.ok && listed.value.find(({ id }) => id === path.basename(folder))
    expect(line).toMatchObject({ trials: 6, done: 1, SR: { value: 1, n: 1 } })
    const up = await evaluate(requestFor())
    expect(up).toMatchObject({
      ok: true,
      value: { trials: 6, infrastructureFaults: 9, metrics: { SR: { value: 4 / 6 } } },
    })
  })

  it('keeps a trial that the judge failed, and counts nothing for it', async () => {
    const broken: EvaluationRequest['scorerFor'] = (query) => {
      if (query.id !== 't0') return scorerFor(query)
      return done({
        score: async () => {
          throw new FailureError({ kind: 'underway', code: 'judge.failed', message: 'no verdict' })
        },
      })
    }
    const result = await evaluate(requestFor({ scorerFor: broken }))
    expect(result).toMatchObject({
      ok: true,
      value: { trials: 6, unmeasured: 1, metrics: { SR: { value: 3 / 5, n: 5 } } },
    })
    expect(lines.at(-1)).toMatch(/^t0-1: not measured, judge fault/)
  })

  it('wants every task scored before anything is paid for', async () => {
    const unscored = {
      ...task(9),
      query: { ...task(9).query, scoring: { kind: 'none' as const, why: 'nobody knows' } },
    }
    const result = await evaluate(requestFor({ tasks: [unscored] }))
    expect(result).toMatchObject({ ok: false, failure: { code: 'scoring.none' } })
    expect(existsSync(folder)).toBe(false)
  })

  it('is shown whole, and while it is under way', async () => {
    await evaluate(requestFor())
    const shown = await showEvaluation(root, path.basename(folder))
    if (!shown.ok) throw new Error(shown.failure.message)
    expect(shown.value).toMatchObject({ finished: true, planned: 6, damaged: [], unusedRounds: { value: 1.5 } })
    expect(shown.value.trials[2]).toMatchObject({
      task: 't2',
      subtask: 1,
      trial: 1,
      max: 4,
      cause: null,
      trajectory: 't2-1',
    })
    expect(shown.value.trials[2]?.rounds.map(({ score }) => score)).toEqual([1, 4])
    expect(evaluationTable(shown.value)).toMatch(/t2 .*1\/4 ✓/)
    expect(evaluationTable(shown.value)).toContain('SR@3')
    const listed = await listEvaluations(root)
    expect(listed.ok && evaluationsTable(listed.value)).toContain(path.basename(folder))

    await unlink(path.join(folder, 'manifest.json'))
    await writeFile(trialFile('t0-1'), '')
    const cut = await showEvaluation(root, path.basename(folder))
    expect(cut).toMatchObject({ ok: true, value: { finished: false, planned: 6, metrics: { SR: { n: 5 } } } })
    expect(cut.ok && cut.value.damaged).toHaveLength(1)
    expect(await showEvaluation(root, 'absent')).toMatchObject({ ok: false, failure: { code: 'evaluation.absent' } })
  })
})
