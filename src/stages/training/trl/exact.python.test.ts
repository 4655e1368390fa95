import { rm } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { unwrap } from '../../../nouns/index.js'
import { execute, offlineVariables } from '../../../shared/python/index.js'
import { pythonTestsSkipped } from '../../../shared/python/testing/index.js'
import { loadRecipe } from '../recipes.js'
import type { TrainedModel, TrainingEvent, TrainingJob } from '../engine.js'
import { costsIn, ELEVEN, meanOf, samples, sha256 } from '../local/testing/tiny-model.js'
import { layoutOf } from './layout.js'
import { HELD_OUT, openWorkshop, PATIENCE, weightsOf, WHOLE, type Workshop } from './testing/workshop.js'

type Loss = TrainedModel['loss']

let shop: Workshop
/** A run of every option at once: batches that span epochs, accumulation, a held-out loss. */
let whole: { readonly job: TrainingJob; readonly trained: TrainedModel; readonly events: readonly TrainingEvent[] }

/** Digits in base three of a batch's tokens: how often each sample is in it, where sample i has 2·3^i tokens. */
const digitsOf = (tokens: number, count: number): number[] =>
  Array.from({ length: count }, (_, place) => Math.floor(tokens / 2 / 3 ** place) % 3)

describe.skipIf(pythonTestsSkipped)('recipes in epochs', () => {
  beforeAll(async () => {
    shop = await openWorkshop()
    const job = shop.job('whole', ELEVEN, WHOLE, HELD_OUT)
    const events: TrainingEvent[] = []
    const trained = unwrap(await shop.train(job, (event) => events.push(event)))
    whole = { job, trained, events }
  }, PATIENCE)
  afterAll(() => rm(shop.root, { recursive: true, force: true }))

  test(
    'every epoch has every sample once, and a batch that spans two is as large as the others',
    async () => {
      const data = samples([2, 6, 18, 54, 162, 486, 1458])
      // At this rate nothing is learned, so that the base model tells every batch's loss.
      const each = shop.job('spans', data, { epochs: 3, learningRate: 1e-12, microBatch: 2 })
      const tokens: number[] = [0]
      const trained = unwrap(await shop.train(each, (event) => event.type === 'step' && tokens.push(event.tokens)))
      const batches = tokens.slice(1).map((seen, step) => digitsOf(seen - tokens[step]!, 7))
      expect(batches.map((batch) => batch.reduce((sum, times) => sum + times))).toEqual([4, 4, 4, 4, 4, 1])
      const seen = Array.from({ length: 7 }, () => 0)
      const costs = await costsIn(shop.at, each.base.folder, layoutOf(each.folder).data)
      for (const [step, batch] of batches.entries()) {
        batch.forEach((times, sample) => (seen[sample]! += times))
        expect(Math.max(...seen) - Math.min(...seen)).toBeLessThanOrEqual(1)
        const members = batch.flatMap((times, sample) => Array.from({ length: times }, () => costs[sample]!))
        expect(trained.loss[step]!.loss).toBeCloseTo(meanOf(members), 5)
      }
      expect(seen).toEqual([3, 3, 3, 3, 3, 3, 3])
    },
    PATIENCE,
  )

  test(
    'eight at once and one after another give the same losses',
    async () => {
      const [atOnce, oneByOne] = [8, 1].map((microBatch) =>
        shop.job(`micro-${String(microBatch)}`, ELEVEN, { epochs: 2, batchSize: 8, microBatch }),
      )
      const [expected, found] = (await shop.trainAll([atOnce!, oneByOne!])).map(({ loss }) => loss) as [Loss, Loss]
      expect(found).toHaveLength(3)
      for (const [index, { loss }] of found.entries()) {
        expect(Math.abs(loss - expected[index]!.loss)).toBeLessThan(1e-5)
      }
    },
    PATIENCE,
  )

  test('the learning rate falls to its floor, and memory is told', () => {
    // A cosine from the step after warm-up (one of six) down to the floor, by hand.
    const expected = [0, 1, 2, 3, 4, 5].map((step) => 0.0003 + 0.0027 * (1 + Math.cos((Math.PI * step) / 5)) * 0.5)
    const rates = whole.trained.loss.map(({ learningRate }) => learningRate!)
    expect(rates.map((rate) => rate.toFixed(8))).toEqual(expected.map((rate) => rate.toFixed(8)))
    const step = whole.events.find((event) => event.type === 'step')
    expect(step?.type === 'step' ? step.memoryBytes : 0).toBeGreaterThan(1e8)
  })

  test(
    'the held-out loss comes after every epoch, and is what an oracle finds',
    async () => {
      const measured = whole.events.flatMap((event) => (event.type === 'held-out' ? [event] : []))
      // 33 samples in batches of 6: the epochs of 11 are complete within steps 2, 4 and 6.
      expect(measured.map(({ step, epoch }) => [step, Math.floor(epoch)])).toEqual([
        [2, 1],
        [4, 2],
        [6, 3],
      ])
      expect(whole.trained.heldOutLoss).toEqual(measured.map(({ step, loss }) => ({ step, loss })))
      const { model, heldOut } = layoutOf(whole.job.folder)
      expect(measured.at(-1)!.loss).toBeCloseTo(meanOf(await costsIn(shop.at, model, heldOut)), 5)
    },
    PATIENCE,
  )

  test(
    'the files alone give the very same weights, and so does a run that measures nothing',
    async () => {
      const { work, output } = layoutOf(whole.job.folder)
      await rm(output, { recursive: true })
      const env = offlineVariables(shop.at.cacheRoot)
      const unmeasured = shop.job('unmeasured', ELEVEN, WHOLE)
      const alone = execute(shop.at.environment.python, ['train.py', '--config', 'run.yaml'], { cwd: work, env })
      const [ran] = await Promise.all([alone, shop.trainAll([unmeasured])])
      unwrap(ran)
      expect(await sha256(path.join(output, 'model.safetensors'))).toBe(await weightsOf(whole.job))
      expect(await weightsOf(unmeasured)).toBe(await weightsOf(whole.job))
    },
    PATIENCE,
  )

  test(
    'a recipe of steps trains the same weights with a held-out dataset as without',
    async () => {
      const steps = { steps: 5, microBatch: 2 }
      const [measured, plain] = [shop.job('measured', ELEVEN, steps, HELD_OUT), shop.job('plain', ELEVEN, steps)]
      const [trained] = await shop.trainAll([measured, plain])
      expect(trained?.heldOutLoss?.map(({ step }) => step)).toEqual([3, 5])
      expect(await weightsOf(measured)).toBe(await weightsOf(plain))
    },
    PATIENCE,
  )

  test(
    'two processes train as one does, and limi takes up what they made',
    async () => {
      // 33 samples on two devices: one gets a sample that adds nothing.
      const recipe = { epochs: 3, microBatch: 1 }
      const expected = unwrap(await shop.train(shop.job('one-process', ELEVEN, recipe, HELD_OUT)))
      const each = shop.job('two-processes', ELEVEN, recipe, HELD_OUT)
      unwrap(await shop.engine().prepare(each))
      const env = { ...offlineVariables(shop.at.cacheRoot), OMP_NUM_THREADS: '1' }
      const launch = ['-m', 'accelerate.commands.launch', '--cpu', '--num_processes', '2', 'train.py']
      const args = [...launch, '--config', 'run.yaml']
      unwrap(await execute(shop.at.environment.python, args, { cwd: layoutOf(each.folder).work, env }))
      const from: number[] = []
      const found = unwrap(await shop.train(each, (event) => event.type === 'started' && from.push(event.from)))
      expect(from).toEqual([expected.steps])
      for (const curve of ['loss', 'heldOutLoss'] as const) {
        for (const [index, { loss }] of expected[curve]!.entries()) {
          expect(Math.abs(found[curve]![index]!.loss - loss)).toBeLessThan(1e-5)
        }
      }
    },
    PATIENCE,
  )

  test(
    "the paper's recipe trains 78 samples in 5 steps, in bf16 with recomputation",
    async () => {
      const recipe = unwrap(await loadRecipe('paper'))
      const data = samples(Array.from({ length: 78 }, (_, index) => 12 + (index % 7)))
      const job = { ...shop.job('paper', data, { epochs: 4 }), recipe }
      const trained = unwrap(await shop.train(job))
      expect(trained.steps).toBe(5)
      expect(trained.tokens).toBe(4 * data.reduce((sum, { input_ids: ids }) => sum + ids.length, 0))
      expect(trained.loss.map(({ learningRate }) => learningRate?.toExponential(2))).toEqual(
        [0, 1, 2, 3, 4].map((step) => (1e-6 + 4.5e-6 * (1 + Math.cos((Math.PI * step) / 4))).toExponential(2)),
      )
    },
    PATIENCE,
  )
})
