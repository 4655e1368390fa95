import { execFileSync } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { unwrap } from '../../../nouns/index.js'
import { pythonTestsSkipped } from '../../../shared/python/testing/index.js'
import type { TrainingEvent } from '../engine.js'
import { costsIn, ELEVEN, meanOf, sha256 } from '../local/testing/tiny-model.js'
import { layoutOf } from './layout.js'
import { runSft } from './run.js'
import { HELD_OUT, openWorkshop, PATIENCE, weightsOf, WHOLE, type Workshop } from './testing/workshop.js'

let shop: Workshop

describe.skipIf(pythonTestsSkipped)('a run in epochs that was ended early', () => {
  beforeAll(async () => {
    shop = await openWorkshop()
  }, PATIENCE)
  afterAll(() => rm(shop.root, { recursive: true, force: true }))

  test(
    'killed at five random moments, it ends with the losses and weights of an undisturbed run',
    async () => {
      const each = shop.job('killed', ELEVEN, { ...WHOLE, epochs: 30 }, HELD_OUT)
      const undisturbed = shop.job('not-killed', ELEVEN, { ...WHOLE, epochs: 30 }, HELD_OUT)
      let [began, ended] = [0, 0]
      const expected = unwrap(
        await shop.train(undisturbed, (event) => {
          if (event.type === 'started') began = performance.now()
          ended = performance.now()
        }),
      )
      unwrap(await shop.engine().prepare(each))
      const moments = Array.from({ length: 5 }, () => (Math.random() * (ended - began)) / 6)
      for (const moment of moments) {
        let timer: NodeJS.Timeout | undefined
        const onEvent = (event: TrainingEvent): void => {
          if (event.type === 'started') timer = setTimeout(killChildren, moment)
        }
        const attempt = await runSft(each, shop.at, { onEvent })
        clearTimeout(timer)
        expect(attempt, `after ${String(moment)} ms`).toMatchObject({ ok: false, failure: { code: 'training.killed' } })
      }
      const resumed = unwrap(await shop.train(each))
      expect(resumed.tokens).toBe(expected.tokens)
      expect(resumed.loss).toHaveLength(expected.loss.length)
      for (const curve of ['loss', 'heldOutLoss'] as const) {
        for (const [index, point] of resumed[curve]!.entries()) {
          expect(Math.abs(point.loss - expected[curve]![index]!.loss)).toBeLessThan(1e-6)
        }
      }
      expect(await weightsOf(each)).toBe(await weightsOf(undisturbed))
    },
    PATIENCE,
  )

  test(
    'early stopping ends the run, keeps the best weights, and is taken up after a kill',
    async () => {
      const stopping = { epochs: 20, learningRate: 0.02, earlyStopping: { patience: 2 } }
      const each = shop.job('early', ELEVEN, stopping, HELD_OUT)
      const warned: string[] = []
      const onEvent = (event: TrainingEvent): void => {
        if (event.type === 'warning') warned.push(event.code)
      }
      const trained = unwrap(await shop.train(each, onEvent))
      const best = Math.min(...trained.heldOutLoss!.map(({ loss }) => loss))
      expect(warned).toContain('stopped-early')
      expect(trained.steps).toBeLessThan(55)
      expect(trained.heldOutLoss!.at(-3)!.loss).toBe(best)
      const { model, heldOut, output } = layoutOf(each.folder)
      expect(meanOf(await costsIn(shop.at, model, heldOut))).toBeCloseTo(best, 5)
      expect(await sha256(path.join(output, 'model.safetensors'))).toBe(await weightsOf(each))
      const before = await readFile(path.join(model, 'model.safetensors'))
      await rm(model, { recursive: true })
      const from: number[] = []
      const again = unwrap(await shop.train(each, (event) => event.type === 'started' && from.push(event.from)))
      expect(from).toEqual([trained.steps])
      expect(again.heldOutLoss).toEqual(trained.heldOutLoss)
      expect((await readFile(path.join(model, 'model.safetensors'))).equals(before)).toBe(true)
    },
    PATIENCE,
  )
})
/** This process's own children, each with the group it leads, as `kill -9` from outside. */
function killChildren(): void {
  const children = execFileSync('sh', ['-c', 'pgrep -P "$0"', String(process.pid)], { encoding: 'utf8' })
  for (const child of children.trim().split('\n')) {
    try {
      process.kill(-Number(child), 'SIGKILL')
    } catch {
      // No leader of a group, so no engine: the shell that lists them.
    }
  }
}
