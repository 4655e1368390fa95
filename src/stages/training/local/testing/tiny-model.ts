/** For tests that train a tiny model in a real Python environment. */
import { createHash } from 'node:crypto'
import { mkdtemp, readFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { Recipe, type Sample } from '../../../../nouns/index.js'
import { askPython, makeTinyModel, testPython, type TestPython } from '../../../../shared/python/testing/index.js'
import type { TrainingJob } from '../../engine.js'

/** Numbers that only look random, so that every run of the test is the same. */
const noise = (index: number): number => (index * 7919 + 104_729) % 65_537

/** Conversations of several lengths with stretches that train and stretches that do not; `first` tells sets of them apart. */
export function samples(lengths: readonly number[], first = 0): Sample[] {
  return lengths.map((length, index) => {
    const number = first + index
    const input_ids = Array.from({ length }, (_, place) => 6 + (noise(number * 5_000 + place) % 250))
    const labels = input_ids.map((id, place) => (noise(Math.floor(place / 5) + number) % 3 === 0 ? id : -100))
    return { id: `s${String(number)}`, trajectory: 't', input_ids, labels }
  })
}

export const ELEVEN = samples([30, 41, 17, 25, 60, 33, 28, 51, 19, 44, 37])

/** The folder of the tiny model is `<root>/base`. */
export async function tinyModel(prefix: string): Promise<{ readonly at: TestPython; readonly root: string }> {
  const at = await testPython()
  const root = await mkdtemp(path.join(os.tmpdir(), prefix))
  await makeTinyModel(at, path.join(root, 'base'))
  return { at, root }
}

const BASE = { method: 'full', learningRate: 0.003, schedule: 'cosine', warmup: 0.1, batchSize: 4, saveEvery: 2 }

export interface TinyJob {
  readonly root: string
  readonly run: string
  readonly data: readonly Sample[]
  readonly recipe: Partial<Recipe>
  readonly heldOut?: readonly Sample[] | undefined
}

/** A job that trains the tiny model. */
export const tinyJob = ({ root, run, data, recipe, heldOut }: TinyJob): TrainingJob => ({
  run,
  folder: path.join(root, 'training', run),
  base: { name: 'tiny', digest: 'b', folder: path.join(root, 'base') },
  dataset: { id: 'd', digest: 'd', samples: data },
  ...(heldOut && { heldOut: { id: 'h', digest: 'h', samples: heldOut } }),
  recipe: Recipe.parse({ name: run, ...BASE, ...recipe }),
})

export const sha256 = async (file: string): Promise<string> =>
  createHash('sha256')
    .update(await readFile(file))
    .digest('hex')

/** Of each sample alone and unpadded, in double precision: what its trained tokens cost, and how many they are. MODEL, then JSON lines. */
const COSTS = `
import json, sys, torch
from transformers import AutoModelForCausalLM
model = AutoModelForCausalLM.from_pretrained(sys.argv[1], dtype=torch.float64)
found = []
for line in open(sys.argv[2]):
    sample = json.loads(line)
    with torch.no_grad():
        scores = model(torch.tensor([sample["input_ids"]])).logits[0].log_softmax(-1)
    costs = [-scores[place, label].item() for place, label in enumerate(sample["labels"][1:]) if label != -100]
    found.append({"sum": sum(costs), "count": len(costs)})
print(json.dumps(found))
`

export interface Cost {
  readonly sum: number
  readonly count: number
}

/** By transformers alone, for each line of ids and labels in `file`. */
export const costsIn = async (at: TestPython, model: string, file: string): Promise<readonly Cost[]> =>
  (await askPython(at, COSTS, model, file)) as Cost[]

export const meanOf = (costs: readonly Cost[]): number =>
  costs.reduce((total, { sum }) => total + sum, 0) / costs.reduce((total, { count }) => total + count, 0)

const SAME_LOGITS = `
import json, sys, torch
from peft import PeftModel
from transformers import AutoModelForCausalLM
load = lambda folder: AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
ids = torch.arange(6, 200).unsqueeze(0)
with torch.no_grad():
    base, merged = load(sys.argv[1])(ids).logits, load(sys.argv[3])(ids).logits
    adapted = PeftModel.from_pretrained(load(sys.argv[1]), sys.argv[2])(ids).logits
print(json.dumps({"merge": (merged - adapted).abs().max().item(), "moved": (merged - base).abs().max().item()}))
`

/** How far the merged model's scores are from those of base and adapter together, and from the base's. */
export const comparedMerge = async (at: TestPython, base: string, adapter: string, merged: string) =>
  (await askPython(at, SAME_LOGITS, base, adapter, merged)) as { readonly merge: number; readonly moved: number }
