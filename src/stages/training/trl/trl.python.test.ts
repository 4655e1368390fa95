import { execFileSync } from 'node:child_process'
import { mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { unwrap } from '../../../nouns/index.js'
import { execute, offlineVariables } from '../../../shared/python/index.js'
import { pythonTestsSkipped } from '../../../shared/python/testing/index.js'
import type { TrainingEvent } from '../engine.js'
import { comparedMerge, costsIn, ELEVEN, meanOf, samples, sha256 } from '../local/testing/tiny-model.js'
import { layoutOf } from './layout.js'
import { runSft } from './run.js'
import { openWorkshop, weightsOf, type Workshop } from './testing/workshop.js'

let shop: Workshop

const canMount = process.platform === 'linux' && process.getuid?.() === 0

describe.skipIf(pythonTestsSkipped)('TRL', () => {
  beforeAll(async () => {
    shop = await openWorkshop()
  }, 600_000)
  afterAll(() => rm(shop.root, { recursive: true, force: true }))

  test('trains on the given ids and labels, every one and no other, longer ones uncut', async () => {
    const data = samples([40, 1_500, 23, 77])
    const each = shop.job('exact', data, { steps: 1 })
    const trained = unwrap(await shop.train(each))
    const oracle = await costsIn(shop.at, each.base.folder, layoutOf(each.folder).data)
    expect(trained.loss[0]?.loss).toBeCloseTo(meanOf(oracle), 5)
    expect(trained.tokens).toBe(40 + 1_500 + 23 + 77)
  }, 120_000)

  test('run.yaml alone gives the very same weights', async () => {
    const each = shop.job('alone', ELEVEN, { steps: 3 })
    unwrap(await shop.train(each))
    const { work, output } = layoutOf(each.folder)
    await rm(output, { recursive: true })
    const args = ['-m', 'trl.scripts.sft', '--config', 'run.yaml']
    unwrap(await execute(shop.at.environment.python, args, { cwd: work, env: offlineVariables(shop.at.cacheRoot) }))
    expect(await sha256(path.join(output, 'model.safetensors'))).toBe(await weightsOf(each))
  }, 120_000)

  test('stopped and killed, it goes on to the same losses and weights as undisturbed', async () => {
    const undisturbed = shop.job('undisturbed', ELEVEN, { steps: 8 })
    const expected = unwrap(await shop.train(undisturbed))
    const each = shop.job('disturbed', ELEVEN, { steps: 8 })
    unwrap(await shop.engine().prepare(each))
    const attempt = async (lastStep: number, patienceMs: number) => {
      const controller = new AbortController()
      const onEvent = (event: TrainingEvent): void => {
        if (event.type === 'step' && event.step === lastStep) controller.abort()
      }
      return runSft(each, { ...shop.at, patienceMs }, { onEvent, signal: controller.signal })
    }
    expect(await attempt(3, 60_000)).toMatchObject({ ok: false, failure: { kind: 'interrupted' } })
    expect(await attempt(6, 0)).toMatchObject({ ok: false, failure: { kind: 'interrupted' } })
    const from: number[] = []
    const resumed = unwrap(await shop.train(each, (event) => event.type === 'started' && from.push(event.from)))
    expect(from[0]).toBeGreaterThanOrEqual(3)
    expect(resumed.loss.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    for (const [index, point] of resumed.loss.entries()) expect(point.loss).toBeCloseTo(expected.loss[index]!.loss, 6)
    expect(resumed.tokens).toBe(expected.tokens)
    expect(await weightsOf(each)).toBe(await weightsOf(undisturbed))
    // As after a kill between the last step and the manifest: the finished checkpoint is taken up, nothing is trained twice.
    await rm(layoutOf(each.folder).model, { recursive: true })
    const again = unwrap(await shop.train(each, (event) => event.type === 'started' && from.push(event.from)))
    expect(from.at(-1)).toBe(8)
    expect(again.loss).toEqual(resumed.loss)
    expect(await weightsOf(each)).toBe(await weightsOf(undisturbed))
  }, 300_000)

  test('LoRA is merged: one folder that answers as base and adapter together do', async () => {
    const lora = { rank: 4, alpha: 8, dropout: 0 }
    const each = shop.job('lora', ELEVEN, { steps: 4, method: 'lora', lora, learningRate: 0.05 })
    unwrap(await shop.train(each))
    const { output, model } = layoutOf(each.folder)
    const compared = await comparedMerge(shop.at, each.base.folder, output, model)
    expect(compared.merge).toBeLessThan(1e-4)
    expect(compared.moved).toBeGreaterThan(0.01)
  }, 120_000)

  test.skipIf(!canMount)(
    'a disk that fills while it saves says so',
    async () => {
      const each = shop.job('full-disk', ELEVEN, { steps: 2 })
      unwrap(await shop.engine().prepare(each))
      const { output } = layoutOf(each.folder)
      await mkdir(output, { recursive: true })
      execFileSync('sh', ['-c', 'mount -t tmpfs -o size=900k tmpfs "$0"', output])
      try {
        const ended = await runSft(each, shop.at, { onEvent: () => undefined })
        expect(ended).toMatchObject({ ok: false, failure: { kind: 'underway', code: 'disk.full' } })
      } finally {
        execFileSync('sh', ['-c', 'umount "$0"', output])
      }
    },
    120_000,
  )

  test('a loss that is not a number stops the run and says so', async () => {
    const each = shop.job('nan', ELEVEN, { steps: 20, learningRate: 1e30, warmup: 0 })
    expect(await shop.train(each)).toMatchObject({ ok: false, failure: { code: 'training.not-finite' } })
  }, 120_000)
})
