import { mkdtemp, readFile, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { Scoring, unwrap, type Query } from '../../../nouns/index.js'
import { scriptedModel, type ChatModel } from '../../../shared/models/index.js'
import { modelJuror, panelJudge, scorerFor, type ModelJurorOptions } from '../../../shared/scoring/index.js'
import { modelSaying, RUBRIC, verdictOf } from '../../../shared/scoring/judge/testing/sheets.js'
import { listEvaluations } from '../list.js'
import { loadEvaluation } from '../load.js'
import { csvOf, rowOfTrial } from '../rows.js'
import { showEvaluation } from '../show.js'
import { basisOf } from '../statistics/index.js'
import { evaluationTable, judgingText } from '../tables.js'
import { requestIn } from '../testing/request.js'
import { say, task } from '../testing/words.js'
import { evaluate, readTrials } from './index.js'

const root = await mkdtemp(path.join(os.tmpdir(), 'limi judging ü-'))
afterAll(() => rm(root, { recursive: true, force: true }))

let folder = ''
beforeEach(() => {
  folder = path.join(root, `e${Math.random().toString(36).slice(2)}`)
})

const idle = scriptedModel('idle', [{ replies: Array(3).fill(say('Done.')) }])
/** Says that it is done, at 1,000 tokens in and 100 out a call: 0.002 by its price. */
const model: ChatModel = {
  name: 'counted',
  async *stream(request, signal) {
    yield { type: 'usage', usage: { inputTokens: 1000, outputTokens: 100 } }
    yield* idle.stream(request, signal)
  },
}
const price = { input: 1, output: 10 }
/** A judge's call takes 10 tokens in and 2 out: 0.003. */
const judgePrice = { input: 100, output: 1000 }

const scoring = Scoring.parse({ kind: 'judge', rubric: RUBRIC })
const no = (prompt: string): string =>
  verdictOf(prompt, [
    { id: 'greets', met: false },
    { id: 'says', met: false },
  ])

const judgedBy = (
  answers: readonly ((prompt: string) => string)[],
  options: ModelJurorOptions = { price: judgePrice },
) => {
  let at = -1
  const answer = (prompt: string): string => (answers[Math.min((at += 1), answers.length - 1)] ?? no)(prompt)
  const judge = panelJudge([modelJuror(modelSaying('j', answer), { backoffMs: [], ...options })])
  return (query: Query) => scorerFor({ ...query, scoring }, { judge })
}

const tasks = Array.from({ length: 4 }, (_, at) => task(at))
const plan = { tasks, model, price, concurrency: 1, rounds: 3 }
const THREE = [{ judge: 'j', calls: 3, inputTokens: 30, outputTokens: 6, cost: 0.009000000000000001 }]

describe('what judges took', () => {
  it('is counted and priced by row, beside what the agent took', async () => {
    const request = { ...plan, tasks: tasks.slice(0, 2), scorerFor: judgedBy([no]) }
    const made = unwrap(await evaluate(requestIn(folder, request)))
    const rows = unwrap(await readTrials(folder))
    expect(rows.map(({ cost, judging }) => [cost, judging])).toEqual([
      [0.006, THREE],
      [0.006, THREE],
    ])
    expect(made['cost']).toBeCloseTo(0.012, 12)
    expect(made['judging']).toMatchObject([{ judge: 'j', calls: 6, inputTokens: 60, outputTokens: 12 }])
    const shown = unwrap(await showEvaluation(root, path.basename(folder)))
    expect(shown.judging).toMatchObject({ calls: 6, tokens: 72 })
    expect(shown.judging?.cost).toBeCloseTo(0.018, 12)
    expect(shown.trials[0]?.judging).toMatchObject({ calls: 3, tokens: 36 })
    expect(evaluationTable(shown)).toMatch(/^judging: 6 calls, 72 tokens, cost 0\.0180$/mu)
    const [head, first] = csvOf(rows.map(rowOfTrial)).split('\r\n')
    expect(head).toMatch(/,judgeCalls,judgeInputTokens,judgeOutputTokens,judgeCost,measured$/u)
    expect(first).toMatch(/,3,30,6,0\.009\d*,true$/u)
  })

  it('is in what a further evaluation is planned to cost', async () => {
    unwrap(await evaluate(requestIn(folder, { ...plan, tasks: tasks.slice(0, 2), scorerFor: judgedBy([no]) })))
    expect(basisOf(unwrap(await loadEvaluation(folder)))?.costPerTrial).toBeCloseTo(0.006 + 0.009, 12)
  })

  it('counts answers that were no verdict, and those of a judge that failed', async () => {
    const one = { ...plan, tasks: tasks.slice(0, 1), rounds: 1 }
    unwrap(await evaluate(requestIn(folder, { ...one, scorerFor: judgedBy([() => 'Fine work!', no]) })))
    const [late] = unwrap(await readTrials(folder))
    expect(late?.judging).toMatchObject([{ calls: 2, inputTokens: 20 }])
    folder += 'b'
    // Asked three times, two answers each.
    unwrap(await evaluate(requestIn(folder, { ...one, scorerFor: judgedBy([() => 'Fine work!']) })))
    const [mute] = unwrap(await readTrials(folder))
    expect(mute).toMatchObject({ cause: 'judge', judging: [{ calls: 6, inputTokens: 60 }] })
  })

  it('has no cost without a price, which is said; without a model there is nothing to say', async () => {
    const one = { ...plan, tasks: tasks.slice(0, 1), scorerFor: judgedBy([no], {}) }
    unwrap(await evaluate(requestIn(folder, one)))
    const shown = unwrap(await showEvaluation(root, path.basename(folder)))
    expect(shown.judging).toMatchObject({ calls: 3, cost: null })
    expect(shown.judging && judgingText(shown.judging)).toBe(
      'judging: 3 calls, 36 tokens; no price, so not in any cost: j',
    )
    unwrap(await evaluate(requestIn(`${folder}b`, { tasks: tasks.slice(0, 1) })))
    const plain = unwrap(await showEvaluation(root, `${path.basename(folder)}b`))
    expect(plain.judging).toBe(null)
    expect(evaluationTable(plain)).not.toContain('judging')
  })
})

describe('a budget', () => {
  it('is of agent and judges together', async () => {
    // A trial is 0.006 and 0.009.
    const cut = await evaluate(requestIn(folder, { ...plan, scorerFor: judgedBy([no]), maxCost: 0.0149 }))
    expect(!cut.ok && cut.failure.message).toBe('the budget of 0.0149 is spent (0.0150): 1 of 4 trials have a result')
  })

  it('stops a judge: the trial is not measured, and made again with a larger one', async () => {
    const small = { ...plan, scorerFor: judgedBy([no]), maxCost: 0.005 }
    const cut = await evaluate(requestIn(folder, small))
    expect(!cut.ok && cut.failure).toMatchObject({ code: 'evaluation.budget' })
    // Three calls of the agent, two of the judge, who was not asked a third time.
    expect(!cut.ok && cut.failure.message).toBe('the budget of 0.005 is spent (0.0120): 0 of 4 trials have a result')
    const [row] = unwrap(await readTrials(folder))
    expect(row).toMatchObject({ cause: 'budget', measured: false, cost: 0.006, judging: [{ calls: 2 }] })
    expect(row?.rounds).toHaveLength(2)
    expect(await readFile(path.join(folder, 'trajectories/t0-1.jsonl'), 'utf8')).toContain(
      '{"type":"outcome","outcome":{"status":"unknown","cause":"budget"',
    )
    const id = path.basename(folder)
    const shown = unwrap(await showEvaluation(root, id))
    expect(shown).toMatchObject({ done: 0, infrastructureFaults: 0, metrics: { SR: { n: 0 } } })
    expect(evaluationTable(shown)).toContain('or the budget ended first: 1 row')
    expect(unwrap(await listEvaluations(root)).find((one) => one.id === id)).toMatchObject({ done: 0, SR: { n: 0 } })

    const still = await evaluate(requestIn(folder, { ...small, maxCost: 0.012 }))
    expect(!still.ok && still.failure.message).toMatch(/is spent \(0\.0120\): 0 of 4/)
    const lines: string[] = []
    const onLine = (line: string): void => void lines.push(line)
    const whole = await evaluate(requestIn(folder, { ...small, maxCost: 1, onLine }))
    expect(whole).toMatchObject({ ok: true, value: { trials: 4, unmeasured: 0, metrics: { SR: { n: 4 } } } })
    expect(lines).toEqual(['t0-1 is made again: the budget was spent before it was judged'])
  })

  it('ends a trial of several subtasks at the one that was not judged', async () => {
    const chain = { ...task(0), further: [task(1).query, task(2).query] }
    const scorer = judgedBy([no])
    const cut = await evaluate(requestIn(folder, { ...plan, tasks: [chain], scorerFor: scorer, maxCost: 0.01 }))
    expect(cut.ok).toBe(false)
    const rows = unwrap(await readTrials(folder))
    expect(rows.map(({ subtask, measured }) => [subtask, measured])).toEqual([
      [1, undefined],
      [2, false],
    ])
  })
})
