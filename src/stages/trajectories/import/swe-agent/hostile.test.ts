import { beforeEach, describe, expect, it } from 'vitest'
import { importBench, type ImportBench } from '../../../../../test/support/import-bench.js'
import { joinSteps } from './steps.js'

let bench: ImportBench
beforeEach(async () => {
  bench = await importBench()
})

const answer = (content: string) => ({ role: 'assistant' as const, content })

describe('steps beside a history', () => {
  it('find their answers in time that grows with them, equal texts one after the other', () => {
    const line = Array.from({ length: 60_000 }, (_, at) => answer(at % 3 === 0 ? 'same' : `a${at}`))
    const steps = line.map(({ content }) => ({ response: content }))
    const began = performance.now()
    const { byAnswer, requeried, last } = joinSteps(line, steps)
    expect(performance.now() - began).toBeLessThan(2000)
    expect([...byAnswer].every(([at, step]) => step === steps[at])).toBe(true)
    expect([byAnswer.size, requeried.length, last]).toEqual([line.length, 0, null])
  })

  it('that no answer has come before the next answer, or last', () => {
    const line = [answer('a'), { role: 'user' as const, content: 'no' }, answer('b')]
    const [a, lost, b, more] = ['a', 'lost', 'b', 'more'].map((response) => ({ response }))
    const { byAnswer, requeried, last } = joinSteps(line, [a!, lost!, b!, more!])
    expect([...byAnswer]).toEqual([
      [0, a],
      [2, b],
    ])
    expect(requeried).toEqual([{ step: lost, before: 2 }])
    expect(last).toBe(more)
  })
})

describe('a file of many attempts', () => {
  it('has what is said of all of them whole in the first, and as long as there is room', async () => {
    const run = { trajectory: [], history: [{ role: 'user', content: 'u', agent: 'main' }], info: {} }
    const attempts = Array.from({ length: 300 }, () => run)
    const report = await bench.run(await bench.put('run.traj', { ...run, attempts, notes: 'n'.repeat(200_000) }))
    expect(report.imported).toHaveLength(300)
    expect((await bench.read(report.imported[0]!.id)).extra).toMatchObject({
      sweAgent: { run: { notes: 'n'.repeat(200_000) } },
    })
    const last = await bench.read(report.imported[299]!.id)
    expect(last.extra).toMatchObject({ sweAgent: { shared: { heldByTrajectory: 0 } } })
  })
})

it.each([
  ['anthropic/claude-sonnet-4-20250514', 'summary'],
  ['claude-3-7-sonnet-20250219', 'full'],
])('thinking of %s is a %s', async (name, kind) => {
  const thinking_blocks = [{ type: 'thinking', thinking: 't', signature: 's' }]
  const history = [{ ...answer('a'), agent: 'main', thinking_blocks }]
  const run = { trajectory: [], history, info: {}, replay_config: { agent: { model: { name } } } }
  const { read } = await bench.only(await bench.put('run.traj', run))
  expect(read.threads[0]!.messages[0]!.reasoning).toEqual({ text: 't', kind, signature: 's' })
})
