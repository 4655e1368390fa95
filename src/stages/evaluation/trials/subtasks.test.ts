import { mkdtemp, readFile, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { Query, type ScriptEntry } from '../../../nouns/index.js'
import { scriptedModel, type ChatModel } from '../../../shared/models/index.js'
import type { BenchmarkTask } from '../benchmarks/index.js'
import { showEvaluation } from '../index.js'
import { requestIn } from '../testing/request.js'
import { DOWN, say } from '../testing/words.js'
import { evaluate, type EvaluationRequest } from './index.js'

const root = await mkdtemp(path.join(os.tmpdir(), 'limi subtasks ü-'))
afterAll(() => rm(root, { recursive: true, force: true }))

let folder = ''
beforeEach(() => {
  folder = path.join(root, `e${Math.random().toString(36).slice(2)}`)
})

const part = (id: string, request: string, check: object): Query =>
  Query.parse({
    format: 'limi.query/1',
    id,
    request,
    split: 'heldout',
    start: { files: { 'notes/a.txt': 'one\n' } },
    scoring: { kind: 'checks', checks: [{ kind: 'file', id: 'file', ...check }] },
    source: { kind: 'person' },
  })

/** What the second subtask asks for can only be done with what the first one left. */
const TASK: BenchmarkTask = {
  id: 'chain',
  suite: 'chains',
  query: part('chain-1', 'Count the lines of notes/a.txt into count.txt.', { path: 'count.txt', matches: '^1$' }),
  further: [
    part('chain-2', 'Copy count.txt to copy.txt.', { path: 'copy.txt', matches: '^1$' }),
    part('chain-3', 'Remove count.txt.', { path: 'count.txt', exists: false }),
  ],
}

const bash = (command: string) => say(`\`\`\`bash\n${command}\n\`\`\``)
const SCRIPT: ScriptEntry[] = [
  {
    request: 'Count the lines of notes/a.txt into count.txt.',
    replies: [bash('cd notes && wc -l < a.txt > ../count.txt'), say('Done.')],
  },
  // Relative to the workspace, wherever the session before left its shell.
  { request: 'Copy count.txt to copy.txt.', replies: [say('What?'), bash('cp count.txt copy.txt'), say('Done.')] },
  { request: 'Remove count.txt.', replies: [say('No.'), say('No.'), say('No.')] },
]
const MODEL = scriptedModel('scripted', SCRIPT)

const request = (changes: Partial<EvaluationRequest> = {}): EvaluationRequest =>
  requestIn(folder, { tasks: [TASK], model: MODEL, ...changes })

async function shown() {
  const result = await showEvaluation(root, path.basename(folder))
  if (!result.ok) throw new Error(result.failure.message)
  return result.value
}

describe('subtasks', () => {
  it('are worked on in order, on one workspace, a row and a trajectory each', async () => {
    const made = await evaluate(request())
    // One of three at once, two of three within three rounds, the second with one round left of two.
    expect(made).toMatchObject({
      ok: true,
      value: {
        trials: 1,
        tasks: 1,
        subtasks: 3,
        metrics: { FTFC: { value: 1 / 3, n: 3 }, SR: { value: 2 / 3, n: 3 }, RC: { value: 0.75, n: 2 } },
      },
    })
    const { trials, planned, done } = await shown()
    expect([planned, done]).toEqual([1, 1])
    expect(
      trials.map(({ subtask, rounds, trajectory, diff }) => [
        subtask,
        rounds.map(({ passed }) => passed),
        trajectory,
        diff,
      ]),
    ).toEqual([
      [1, [true], 'chain-1', { 'count.txt': 'added' }],
      [2, [false, true], 'chain-1.2', { 'copy.txt': 'added' }],
      [3, [false, false, false], 'chain-1.3', {}],
    ])
    expect(trials.map(({ turns, calls }) => [turns, calls])).toEqual([
      [2, 1],
      [3, 1],
      [3, 0],
    ])
    const second = await readFile(path.join(folder, 'trajectories', 'chain-1.2.jsonl'), 'utf8')
    expect(second).not.toContain('Count the lines')
    expect(JSON.parse(second.split('\n')[0] ?? '')).toMatchObject({ query: { id: 'chain-2' }, tags: { subtask: '2' } })
  })

  it('begin again from the workspace before them where the infrastructure failed half-way', async () => {
    let asked = 0
    const model: ChatModel = {
      name: 'flaky',
      async *stream(given, signal) {
        const isSecond = JSON.stringify(given.messages).includes('Copy count.txt')
        if (isSecond) asked += 1
        // The first attempt removes what it was to copy, and then the model is down.
        if (isSecond && asked === 1)
          yield* scriptedModel('wrong', [{ replies: [bash('rm count.txt && mkdir x && cd x')] }]).stream(given, signal)
        else if (isSecond && asked === 2) yield { type: 'failure', failure: DOWN, retryable: false }
        else yield* MODEL.stream(given, signal)
      },
    }
    const made = await evaluate(request({ model }))
    expect(made).toMatchObject({ ok: true, value: { infrastructureFaults: 1, metrics: { SR: { value: 2 / 3 } } } })
    const { trials } = await shown()
    expect(trials[1]?.diff).toEqual({ 'copy.txt': 'added' })
  })

  it('are all made again where one of them has changed', async () => {
    const first = await evaluate(request())
    const [second, third] = TASK.further ?? []
    if (second === undefined || third === undefined) throw new Error('no subtasks')
    const stricter = { ...third, request: 'Delete count.txt.' }
    const lines: string[] = []
    const model = scriptedModel('scripted', [
      ...SCRIPT,
      { request: stricter.request, replies: [bash('rm count.txt'), say('Done.')] },
    ])
    const again = await evaluate(
      request({ model, tasks: [{ ...TASK, further: [second, stricter] }], onLine: (line) => lines.push(line) }),
    )
    expect(lines).toEqual(['chain-1 is made again: the task has changed'])
    expect(again).toMatchObject({ ok: true, value: { metrics: { SR: { value: 1 } } } })
    expect(again.ok && first.ok && again.value.digest === first.value.digest).toBe(false)
  })
})
