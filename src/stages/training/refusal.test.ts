import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { unwrap } from '../../nouns/index.js'
import type { TrainingJob } from './engine.js'
import { hostedEngine } from './hosted/index.js'
import { refusalOf } from './refusal.js'
import { hostedOptions } from './settings.js'
import { smallJob } from './testing/small-job.js'
import { train } from './train.js'

const sample = (trajectory: string, ids: number[]) => ({
  ...{ id: `${trajectory}-1`, trajectory, input_ids: ids, labels: ids },
})
const job = async (taught: TrainingJob['dataset']['samples'], held?: TrainingJob['dataset']['samples']) => ({
  ...(await smallJob()),
  dataset: { id: 'taught', digest: 'd', samples: taught },
  ...(held && { heldOut: { id: 'held', digest: 'h', samples: held } }),
})

test.each([
  [
    'a trajectory in both',
    [sample('a', [1]), sample('b', [2])],
    [sample('c', [3]), sample('b', [4])],
    /1 held-out.*: b$/,
  ],
  ['the same words under another name', [sample('a', [1, 2])], [sample('z', [1, 2])], /: z$/],
  [
    'many',
    'abcdefgh'.split('').map((name, at) => sample(name, [at])),
    'abcdefgh'.split('').map((name, at) => sample(name, [at])),
    /8 held-out.*: a, b, c, d, e and 3 more/,
  ],
])('held out and taught: %s is refused by name', async (_name, taught, held, said) => {
  const refused = refusalOf(await job(taught, held), 'ok')
  expect(refused).toMatchObject({ kind: 'input', code: 'held-out.overlap', where: 'held' })
  expect(refused?.message).toMatch(said)
})

test('what shares nothing may be measured', async () => {
  expect(refusalOf(await job([sample('a', [1])], [sample('b', [2])]), 'ok')).toBe(null)
})

test('no steps give the base back only where its weights are here, not at a service', async () => {
  const plain = await job([sample('a', [1])])
  const still = { ...plain, recipe: { ...plain.recipe, steps: 0 } }
  expect(refusalOf(still, 'ok')).toBe(null)
  const atService = { ...still, base: { name: 'theirs', digest: 'b', folder: '' } }
  const refused = { ok: false, failure: { kind: 'input', code: 'recipe.unsupported' } }
  const engine = unwrap(hostedOptions({ baseUrl: 'http://127.0.0.1:9/v1', model: 'theirs' }, {}))
  const request = { job: atService, engine: hostedEngine(engine), proof: 'ok' as const, onEvent: () => undefined }
  expect(await train(request)).toMatchObject(refused)
  expect(existsSync(atService.folder)).toBe(false)
})

test('early stopping needs something to look at, and a held-out dataset a sample', async () => {
  const plain = await job([sample('a', [1])])
  const stopping = { ...plain, recipe: { ...plain.recipe, earlyStopping: { patience: 1 } } }
  expect(refusalOf(stopping, 'ok')).toMatchObject({ code: 'training.no-held-out' })
  expect(refusalOf(await job([sample('a', [1])], []), 'ok')).toMatchObject({ code: 'dataset.empty', where: 'held' })
})
