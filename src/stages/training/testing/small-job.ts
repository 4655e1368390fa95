import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { Recipe } from '../../../nouns/index.js'
import type { TrainingJob } from '../engine.js'

/** A job on a base model of a few bytes, in a folder whose name has a space and a letter outside ASCII. */
export async function smallJob(recipe: Partial<Recipe> = {}): Promise<TrainingJob> {
  const root = await mkdtemp(path.join(os.tmpdir(), 'limi training ü-'))
  const base = path.join(root, 'base')
  await mkdir(base)
  const files = { 'model.safetensors': 'base', 'config.json': '{}', 'tokenizer.json': '{"a":1}' }
  for (const [name, content] of Object.entries(files)) await writeFile(path.join(base, name), content)
  const sample = { id: 's1', trajectory: 't1', input_ids: [5, 6, 7], labels: [-100, 6, 7] }
  return {
    run: 'run-1',
    folder: path.join(root, 'training', 'run-1'),
    base: { name: 'dir:base', digest: 'b', folder: base },
    dataset: { id: 'd1', digest: 'd', samples: [sample] },
    recipe: Recipe.parse({
      name: 'test',
      method: 'full',
      learningRate: 0.001,
      schedule: 'cosine',
      warmup: 0.1,
      batchSize: 1,
      steps: 3,
      ...recipe,
    }),
  }
}

export const rootOf = (job: TrainingJob): string => path.dirname(path.dirname(job.folder))
