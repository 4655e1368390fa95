import { rm } from 'node:fs/promises'
import path from 'node:path'
import { done, type Failure, type Result } from '../../../nouns/index.js'
import type { EngineCheck, TrainingEngine, TrainingJob } from '../engine.js'
import { sharedPlaces, writeWorkFiles } from './files/index.js'
import { launchOf, shapeOf } from './launch.js'
import { settingsOf, type Settings, type SlimeOptions } from './options.js'
import { planSlime } from './plan.js'
import { rayClient } from './ray/index.js'
import { runSlime } from './run.js'
import { stopSlime } from './stop.js'

/** Fine-tuning of all weights by slime (Megatron-LM), as jobs of a Ray cluster. Nothing of it is installed on this machine. */
export function slimeEngine(options: SlimeOptions = {}): TrainingEngine {
  const settings = settingsOf(options)
  return {
    name: 'slime',
    check: (job) => checkSlime(job, settings),
    plan: (job) => planSlime(job, settings),
    async prepare(job) {
      const launch = await launchOf(job, settings)
      return launch.ok ? writeWorkFiles(launch.value) : launch
    },
    run: (job, runOptions) => runSlime(job, settings, runOptions),
    stop: (folder) => stopSlime(folder, settings),
    async clean(job) {
      const launch = await launchOf(job, settings)
      if (!launch.ok) return
      await rm(path.join(launch.value.places.outputHere, 'megatron'), { recursive: true, force: true })
    },
  }
}

/** About what a token takes in samples.jsonl, packed and beside it: its id, its label, two commas. */
const BYTES_PER_TOKEN = 20

async function checkSlime(job: TrainingJob, settings: Settings): Promise<Result<EngineCheck>> {
  const shape = await shapeOf(job, settings)
  if (!shape.ok) return shape
  const tokens = job.dataset.samples.reduce((sum, { input_ids: ids }) => sum + ids.length, 0)
  const missing: Failure[] = []
  const places = sharedPlaces(job, settings, job.run)
  if (!places.ok) missing.push(places.failure)
  const client = rayClient(settings.address, settings.headers)
  if (!client.ok) missing.push(client.failure)
  else {
    const version = await client.value.version()
    if (!version.ok) missing.push({ ...version.failure, kind: 'missing' })
  }
  return done({ missing, diskBytes: tokens * BYTES_PER_TOKEN })
}
