import { expect, test } from 'vitest'
import type { CollectedRollout, PlannedRollout } from '../../../stages/trajectories/index.js'
import type { Run } from '../../run.js'
import { collectView } from './view.js'

const rollout = { id: 'pool-a' } as PlannedRollout
const row: CollectedRollout = {
  ...{ id: 'pool-a', query: 'a', agent: 'shell', attempt: 1, status: 'made', outcome: 'failure' },
  ...{ score: 1, max: 2, rounds: 2, cause: 'timeout' },
}
const ended = { kind: 'ended', rollout, row, finished: 1, total: 2 } as const
const ENDED = '  pool-a: failure, 1 of 2 after 2 rounds, cause timeout (1 of 2)'

function runWith(lines: string[]): Run {
  return {
    say: (line: string) => void lines.push(line),
    warn: (line: string) => void lines.push(line),
  } as unknown as Run
}

test('elsewhere than on a terminal there is a line for each that ended', () => {
  const lines: string[] = []
  const view = collectView(runWith(lines), null)
  view.watch({ kind: 'begun', rollout })
  view.watch({ kind: 'acted', rollout, round: 1, action: 'ls' })
  view.watch(ended)
  view.close()
  expect(lines).toEqual([ENDED])
})

test('on a terminal each at work has its round and last action, which cannot steer it, and lines stand above', async () => {
  let written = ''
  const terminal = { columns: 60, rows: 10, write: (text: string) => void (written += text) }
  const view = collectView(runWith([]), terminal)
  view.watch({ kind: 'begun', rollout })
  await new Promise((resolve) => setTimeout(resolve, 120))
  view.watch({ kind: 'acted', rollout, round: 2, action: `rm \u001b[2J\nx ${'y'.repeat(90)}` })
  expect(written).toMatch(/pool-a {2}round 2 {2}0\.\d s {2}rm ␛\[2J x y+…\n$/u)
  expect(written.split('\n').every((line) => line.replace('\u001b[1A\u001b[0J', '').length < 60)).toBe(true)
  view.run.warn('look')
  expect(written).toMatch(/warning: look\n {2}pool-a/u)
  written = ''
  view.watch(ended)
  view.close()
  expect(written).toContain(`${ENDED}\n`)
})
