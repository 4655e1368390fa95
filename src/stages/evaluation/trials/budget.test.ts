import { mkdtemp, readFile, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { BuiltInConfig, done, FailureError } from '../../../nouns/index.js'
import { builtInAgent } from '../../../shared/agents/index.js'
import { scriptedModel, type ChatModel } from '../../../shared/models/index.js'
import { scorerFor, type Scorer } from '../../../shared/scoring/index.js'
import { requestIn } from '../testing/request.js'
import { MODEL, task, TASKS } from '../testing/words.js'
import { evaluate, readTrials } from './index.js'

const root = await mkdtemp(path.join(os.tmpdir(), 'limi budget ü-'))
afterAll(() => rm(root, { recursive: true, force: true }))

let folder = ''
beforeEach(() => {
  folder = path.join(root, `e${Math.random().toString(36).slice(2)}`)
})

/** The scripted model, at 1,000 tokens in and 100 out a call. */
const counted: ChatModel = {
  name: 'counted',
  async *stream(request, signal) {
    yield { type: 'usage', usage: { inputTokens: 1000, outputTokens: 100 } }
    yield* MODEL.stream(request, signal)
  },
}
/** 0.002 a call. */
const PRICE = { input: 1, output: 10 }

describe('cost', () => {
  it('is that of the tokens by the price, a trial and in all', async () => {
    const made = await evaluate(requestIn(folder, { model: counted, price: PRICE, tasks: TASKS.slice(0, 3) }))
    const rows = await readTrials(folder)
    if (!made.ok || !rows.ok) throw new Error('not made')
    // Two calls where it is right at once, four where it is corrected.
    expect(rows.value.map(({ turns, cost }) => [turns, cost?.toFixed(6)])).toEqual([
      [2, '0.004000'],
      [2, '0.004000'],
      [4, '0.008000'],
    ])
    expect(made.value['cost']).toBeCloseTo(0.016, 12)
    const free = await evaluate(requestIn(`${folder}b`, { model: counted, tasks: TASKS.slice(0, 1) }))
    expect(free.ok && 'cost' in free.value).toBe(false)
  })

  it('ends the work where the budget is spent; with a larger one it goes on', async () => {
    const plan = { model: counted, price: PRICE, concurrency: 1 }
    const cut = await evaluate(requestIn(folder, { ...plan, maxCost: 0.007 }))
    expect(cut).toMatchObject({ ok: false, failure: { kind: 'underway', code: 'evaluation.budget' } })
    expect(!cut.ok && cut.failure.message).toBe('the budget of 0.007 is spent (0.0080): 2 of 6 trials have a result')
    const still = await evaluate(requestIn(folder, { ...plan, maxCost: 0.007 }))
    expect(still).toMatchObject({ ok: false, failure: { code: 'evaluation.budget' } })
    const rest = await evaluate(requestIn(folder, { ...plan, maxCost: 1 }))
    expect(rest).toMatchObject({ ok: true, value: { trials: 6 } })
  })
})

describe('a budget with many trials side by side', () => {
  it('begins no more at once than the rest of it pays for', async () => {
    const tasks = Array.from({ length: 40 }, (_, at) => task(at))
    const idle = scriptedModel('idle', [{ replies: Array(3).fill({ text: 'Done.' }) }])
    const model: ChatModel = {
      name: 'counted',
      async *stream(request, signal) {
        yield { type: 'usage', usage: { inputTokens: 1000, outputTokens: 100 } }
        yield* idle.stream(request, signal)
      },
    }
    // Three rounds of one call: 0.006 a trial.
    const plan = { tasks, model, price: PRICE, concurrency: 16 }
    const cut = await evaluate(requestIn(folder, { ...plan, maxCost: 0.1 }))
    expect(!cut.ok && cut.failure.code).toBe('evaluation.budget')
    const rows = await readTrials(folder)
    const spent = rows.ok ? rows.value.reduce((sum, { cost = 0 }) => sum + cost, 0) : 0
    expect(spent).toBeGreaterThanOrEqual(0.1)
    expect(spent).toBeLessThan(0.1 + 0.006)
    const lines: string[] = []
    const one = { ...plan, tasks: tasks.slice(0, 1), maxCost: 0.001, onLine: (line: string) => lines.push(line) }
    expect((await evaluate(requestIn(`${folder}b`, one))).ok).toBe(true)
    expect(lines).toEqual(['all trials are made; they cost 0.0060, and the budget was 0.001'])
  })
})

describe('an agent’s own budget of tokens', () => {
  it('ends its round, as a cause that counts against it', async () => {
    const config = BuiltInConfig.parse({ kind: 'built-in', actions: 'fenced', maxTotalTokens: 1100 })
    const agent = builtInAgent(config, { backoffMs: [] })
    await evaluate(requestIn(folder, { model: counted, agent, tasks: TASKS.slice(4, 5), rounds: 1 }))
    const idle = await readTrials(folder)
    expect(idle.ok && idle.value[0]).toMatchObject({ cause: null, turns: 1 })
    folder += 'b'
    await evaluate(requestIn(folder, { model: counted, agent, tasks: TASKS.slice(2, 3), rounds: 1 }))
    const busy = await readTrials(folder)
    expect(busy.ok && busy.value[0]).toMatchObject({ cause: 'budget', turns: 1, rounds: [{ passed: false }] })
  })
})

describe('judgements', () => {
  const judged: Scorer = {
    score: async () => ({
      score: 1,
      max: 1,
      passed: true,
      requirements: [{ id: 'a', passed: true, weight: 1, evidence: 'seen' }],
      judgements: [{ judge: 'script:judge', repeat: 1, prompt: 'long', raw: 'yes', score: 1 }],
    }),
  }

  it('are kept beside the trial, not in it', async () => {
    await evaluate(requestIn(folder, { scorerFor: () => done(judged), tasks: TASKS.slice(0, 1) }))
    expect(await readFile(path.join(folder, 'trials', 't0-1.json'), 'utf8')).not.toContain('script:judge')
    expect(JSON.parse(await readFile(path.join(folder, 'judgements', 't0-1.json'), 'utf8'))).toMatchObject({
      task: 't0',
      subtasks: [{ subtask: 1, rounds: [{ round: 1, judgements: [{ judge: 'script:judge', raw: 'yes' }] }] }],
    })
  })

  it('are asked for again where the judge fails, and the agent does nothing again', async () => {
    let failures = 2
    const shaky: Scorer = {
      async score(input) {
        if ((failures -= 1) >= 0) throw new FailureError({ kind: 'underway', code: 'judge.down', message: 'HTTP 500' })
        return judged.score(input)
      },
    }
    const lines: string[] = []
    const plan = { tasks: TASKS.slice(0, 1), scorerFor: () => done(shaky), onLine: (line: string) => lines.push(line) }
    const made = await evaluate(requestIn(folder, plan))
    expect(made).toMatchObject({
      ok: true,
      value: { unmeasured: 0, infrastructureFaults: 2, metrics: { SR: { n: 1 } } },
    })
    const rows = await readTrials(folder)
    expect(rows.ok && rows.value[0]).toMatchObject({ turns: 2, calls: 1, trajectory: 't0-1' })
    expect(lines).toEqual(Array(2).fill('t0-1: judge fault (HTTP 500); tried again in 0.001 s'))
  })

  it('that failed are asked for again where the user says so', async () => {
    let down = true
    const failing: Scorer = {
      async score(input) {
        if (down) throw new FailureError({ kind: 'underway', code: 'judge.down', message: 'HTTP 500' })
        return judged.score(input)
      },
    }
    const plan = {
      tasks: TASKS.slice(0, 2),
      scorerFor: (query: Parameters<typeof scorerFor>[0]) => (query.id === 't0' ? done(failing) : scorerFor(query)),
    }
    const first = await evaluate(requestIn(folder, plan))
    expect(first).toMatchObject({ ok: true, value: { unmeasured: 1, metrics: { SR: { n: 1 } } } })
    down = false
    expect(await evaluate(requestIn(folder, plan))).toEqual(first)
    const lines: string[] = []
    const again = await evaluate(
      requestIn(folder, { ...plan, remake: ({ cause }) => cause === 'judge', onLine: (line) => lines.push(line) }),
    )
    expect(again).toMatchObject({ ok: true, value: { unmeasured: 0, metrics: { SR: { value: 1, n: 2 } } } })
    expect(lines).toEqual(['t0-1 is made again, as asked'])
  })
})
