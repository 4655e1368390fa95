/** For tests that train a tiny model in the real Python environment. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { done, Recipe, unwrap, type Sample } from '../../../nouns/index.js'
import type { TrainingEvent, TrainingJob } from '../engine.js'
import { trlEngine } from './engine.js'
import { layoutOf } from './layout.js'
import type { Runtime } from './run.js'

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

const BASE = { method: 'full', learningRate: 0.003, schedule: 'cosine', warmup: 0.1, batchSize: 4, saveEvery: 2 }

/** What trains the tiny model that lies in `<root>/base`. */
export interface Workshop {
  readonly at: Runtime
  readonly root: string
  job(run: string, data: readonly Sample[], recipe: Partial<Recipe>, heldOut?: readonly Sample[]): TrainingJob
  engine(): ReturnType<typeof trlEngine>
  train(job: TrainingJob, onEvent?: (event: TrainingEvent) => void): ReturnType<ReturnType<typeof trlEngine>['run']>
}

export function workshop(at: Runtime, root: string): Workshop {
  const engine = () =>
    trlEngine({
      cacheRoot: path.join(root, 'cache'),
      environment: async () => done({ ...at.environment, versions: {} }),
    })
  return {
    at,
    root,
    engine,
    job: (run, data, recipe, heldOut) => ({
      run,
      folder: path.join(root, 'training', run),
      base: { name: 'tiny', digest: 'b', folder: path.join(root, 'base') },
      dataset: { id: 'd', digest: 'd', samples: data },
      ...(heldOut && { heldOut: { id: 'h', digest: 'h', samples: heldOut } }),
      recipe: Recipe.parse({ name: run, ...BASE, ...recipe }),
    }),
    async train(job, onEvent = () => undefined) {
      unwrap(await engine().prepare(job))
      return engine().run(job, { onEvent })
    },
  }
}

export const sha256 = async (file: string): Promise<string> =>
  createHash('sha256')
    .update(await readFile(file))
    .digest('hex')

export const weightsOf = (job: TrainingJob): Promise<string> =>
  sha256(path.join(layoutOf(job.folder).model, 'model.safetensors'))

/** Of each sample alone and unpadded, in double precision: what its trained tokens cost, and how many they are. MODEL, then JSON lines. */
export const ORACLE = `
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

export const meanOf = (costs: readonly Cost[]): number =>
  costs.reduce((total, { sum }) => total + sum, 0) / costs.reduce((total, { count }) => total + count, 0)
