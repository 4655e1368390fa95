import type { z } from 'zod'
import { own, Recipe, type RecipeOverrides } from '../../../nouns/index.js'
import { nearest } from '../../../shared/project/index.js'

/** What is wrong with a recipe, and with which of its settings. */
export interface RecipeProblem {
  readonly path: readonly PropertyKey[]
  readonly message: string
}

const ABOVE_0 = 'a number above 0'
const COUNT = 'a whole number above 0'
const FROM_0 = 'a number, 0 or above'
const BETA = 'a number from 0 to 1, 1 left out'

/** What each setting takes, by its path. */
const EXPECTED: Readonly<Record<string, string>> = {
  format: 'limi.recipe/1',
  name: 'a text',
  method: 'full, lora or qlora',
  lora: 'a mapping with rank, alpha and dropout',
  'lora.rank': COUNT,
  'lora.alpha': ABOVE_0,
  'lora.dropout': 'a number from 0 to 1',
  precision: 'fp32 or bf16',
  learningRate: ABOVE_0,
  schedule: 'cosine, linear or constant',
  finalLearningRate: FROM_0,
  warmup: 'a share of the steps from 0 to 1',
  weightDecay: FROM_0,
  adam: 'a mapping with beta1 and beta2',
  'adam.beta1': BETA,
  'adam.beta2': BETA,
  batchSize: COUNT,
  microBatch: COUNT,
  steps: 'a whole number, 0 or above',
  epochs: ABOVE_0,
  gradientCheckpointing: 'true or false',
  earlyStopping: 'a mapping with patience',
  'earlyStopping.patience': COUNT,
  saveEvery: COUNT,
  seed: 'a whole number, 0 or above',
}

const NEEDED = 'name, method, learningRate, schedule, warmup, batchSize, and steps or epochs'

/** What a recipe file holds, with overrides in their place, as a recipe; else the first thing that is wrong with it. */
export function checkRecipe(raw: unknown, overrides: RecipeOverrides): Recipe | RecipeProblem {
  if (!isMapping(raw)) {
    const what = raw === null || raw === undefined ? 'holds nothing' : `holds ${kindOf(raw)}`
    return { path: [], message: `it ${what}; a recipe is a mapping with ${NEEDED}` }
  }
  const parsed = Recipe.safeParse(withOverrides(raw, overrides))
  if (!parsed.success) return problemOf(parsed.error.issues[0], raw)
  const { method, lora } = parsed.data
  if (method === 'full' && lora !== undefined) {
    return { path: ['lora'], message: 'method full trains every weight and has no adapters' }
  }
  if (method !== 'full' && lora === undefined) {
    return { path: ['method'], message: `method ${method} needs lora with its rank and alpha` }
  }
  return parsed.data
}

/** Steps replace epochs and the other way round. */
function withOverrides(recipe: object, overrides: RecipeOverrides): object {
  const length = overrides.steps ?? overrides.epochs
  return { ...recipe, ...(length !== undefined && { steps: undefined, epochs: undefined }), ...overrides }
}

function problemOf(issue: z.core.$ZodIssue | undefined, raw: object): RecipeProblem {
  const path = issue?.path ?? []
  if (issue?.code === 'unrecognized_keys') return unknownKey(path, issue.keys[0] ?? '')
  const expected = own(EXPECTED, path.join('.'))
  if (expected === undefined || issue?.code === 'custom') return { path, message: issue?.message ?? 'invalid' }
  return { path, message: `${foundAt(raw, path)}; expected ${expected}` }
}

function unknownKey(inside: readonly PropertyKey[], key: string): RecipeProblem {
  const prefix = inside.length === 0 ? '' : `${inside.join('.')}.`
  const known = Object.keys(EXPECTED).filter((one) => one.startsWith(prefix))
  const names = known.map((one) => one.slice(prefix.length)).filter((one) => !one.includes('.'))
  const guess = nearest(key, names)
  const hint = guess === null ? `they are ${names.join(', ')}` : `did you mean ${guess}?`
  return { path: [...inside, key], message: `no setting of a recipe has this name; ${hint}` }
}

/** What the file has there; an override in its place is checked before. */
function foundAt(raw: object, path: readonly PropertyKey[]): string {
  const value = path.reduce<unknown>((inside, key) => (isMapping(inside) ? own(inside, String(key)) : undefined), raw)
  return value === undefined ? 'it is missing' : `found ${kindOf(value)}`
}

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function kindOf(value: unknown): string {
  if (value === null) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a mapping'
  const shown = JSON.stringify(typeof value === 'string' ? value.slice(0, 80) : value)
  return typeof value === 'string' ? `the text ${shown}` : shown
}
