import { mkdtemp, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { RecipeOverrides, unwrap } from '../../nouns/index.js'
import { loadRecipe, recipeNames } from './recipes.js'
import { samplesSeen, stepsOf } from './steps.js'

const OWN = `name: own
method: full
precision: bf16
learningRate: 0.00001
schedule: cosine
warmup: 0
weightDecay: 0.1
batchSize: 64
epochs: 4
saveEvery: 3
seed: 7
`

async function fileWith(text: string): Promise<string> {
  const file = path.join(await mkdtemp(path.join(os.tmpdir(), 'limi recipe ')), 'own.yaml')
  await writeFile(file, text)
  return file
}

test('every shipped recipe reads', async () => {
  for (const name of await recipeNames()) expect(unwrap(await loadRecipe(name)).name).toBe(name)
})

test('what a plan does not set stays as the recipe says', async () => {
  const file = await fileWith(OWN)
  const recipe = unwrap(await loadRecipe(file, RecipeOverrides.parse({ learningRate: 0.1 })))
  expect(recipe).toMatchObject({ precision: 'bf16', weightDecay: 0.1, saveEvery: 3, seed: 7, learningRate: 0.1 })
})

test('steps replace epochs', async () => {
  const recipe = unwrap(await loadRecipe(await fileWith(OWN), { steps: 2 }))
  expect([recipe.steps, recipe.epochs]).toEqual([2, undefined])
})

test.each([
  [`${OWN}steps: 5\n`, 'either steps or epochs'],
  [OWN.replace('epochs: 4\n', ''), 'either steps or epochs'],
  [`${OWN}learning_rate: 1\n`, 'learning_rate'],
  [OWN.replace('method: full', 'method: lora'), 'rank and alpha'],
  [`${OWN}lora: { rank: 4, alpha: 8 }\n`, 'no adapters'],
  [`${OWN}adam: { beta1: 0.9, beta2: 0.98, epsilon: 1 }\n`, 'epsilon'],
  [`${OWN}earlyStopping: { patience: 2, patienec: 3 }\n`, 'patienec'],
])('a recipe that cannot be meant is refused', async (text, said) => {
  const loaded = await loadRecipe(await fileWith(text))
  expect(loaded).toMatchObject({ ok: false, failure: { code: 'recipe.invalid' } })
  expect(JSON.stringify(loaded)).toContain(said)
})

const LONELY = 'a recipe is a mapping with name, method, learningRate'

test.each([
  ['', 1, `the file: it holds nothing; ${LONELY}`],
  ['# later\n', 1, `the file: it holds nothing; ${LONELY}`],
  ['- name: own\n', 1, `the file: it holds a list; ${LONELY}`],
  ['laptop\n', 1, `the file: it holds the text "laptop"; ${LONELY}`],
  [`${OWN}learning_rate: 1\n`, 12, 'learning_rate: no setting of a recipe has this name; did you mean learningRate?'],
  [`${OWN}":odd": 1\n`, 12, ':odd: no setting of a recipe has this name'],
  [`${OWN}adam: { beta1: 0.9, beta3: 0.98 }\n`, 12, 'adam.beta2: it is missing; expected a number from 0 to 1'],
  [OWN.replace('method: full\n', ''), 1, 'method: it is missing; expected full, lora or qlora'],
  [OWN.replace('batchSize: 64', 'batchSize: many'), 8, 'batchSize: found the text "many"; expected a whole number'],
  [OWN.replace('warmup: 0', 'warmup: 20'), 6, 'warmup: found 20; expected a share of the steps'],
  [OWN.replace('seed: 7', 'seed:'), 11, 'seed: found nothing; expected a whole number'],
  [OWN.replace('name: own', 'name: [own'), 2, 'Flow sequence'],
])('%j is told with its line, what was found and what is expected', async (text, line, said) => {
  const file = await fileWith(text)
  const loaded = await loadRecipe(file)
  expect(loaded).toMatchObject({ ok: false, failure: { code: 'recipe.invalid', where: `${file}:${line}` } })
  expect(loaded.ok ? '' : loaded.failure.message).toContain(said)
  expect(JSON.stringify(loaded)).not.toMatch(/nonoptional|Unrecognized|undefined/)
})

test('a wrong setting beside the recipe is not blamed on its file', async () => {
  const loaded = await loadRecipe(await fileWith(OWN), { batchSize: 0 })
  expect(loaded).toMatchObject({ ok: false, failure: { code: 'recipe.invalid' } })
  expect(loaded).not.toHaveProperty('failure.where')
  expect(loaded.ok ? '' : loaded.failure.message).toContain('batchSize, given in place of the recipe’s own')
})

test('the paper: 78 samples, batches of 64, 4 epochs', async () => {
  const recipe = unwrap(await loadRecipe(await fileWith(OWN)))
  expect([stepsOf(recipe, 78), samplesSeen(recipe, 78)]).toEqual([5, 312])
})
