import { expect, test } from 'vitest'
import type { RunStatus } from '../../stages/training/index.js'
import { statusText } from './status-words.js'

const RUNNING: RunStatus = {
  ...{
    run: 'r',
    state: 'running',
    engine: 'trl',
    base: 'b',
    dataset: 'd',
    heldOut: null,
    step: 2,
    steps: 9,
    loss: 0.5,
  },
  ...{ learningRate: 0.1, heldOutLoss: [], tokens: 20, tokensPerSecond: null, secondsLeft: 5, memoryBytes: null },
  ...{ saved: 0, attempts: 1, warnings: [], failure: null, worker: null, updated: null, checkpoint: null },
}

test('a held-out loss is told where one was asked for', () => {
  expect(statusText(RUNNING)).not.toContain('held-out')
  expect(statusText({ ...RUNNING, heldOut: 'kept' })).toMatch(/held-out loss\s+not known/)
  const heldOutLoss = [{ step: 2, loss: 1.25 }]
  expect(statusText({ ...RUNNING, heldOut: 'kept', heldOutLoss })).toMatch(/held-out loss\s+1\.250 at step 2/)
})
