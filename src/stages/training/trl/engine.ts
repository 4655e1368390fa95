import { mkdir, readdir, rm, stat, statfs } from 'node:fs/promises'
import path from 'node:path'
import { done, failed, type Failure, type Result } from '../../../nouns/index.js'
import { diskFailure, writeFileAtomic } from '../../../shared/project/index.js'
import { findInterpreter, formatBytes, readyEnvironment, type PythonEnvironment } from '../../../shared/python/index.js'
import type { EngineCheck, TrainedModel, TrainingEngine, TrainingJob, TrainingPlan } from '../engine.js'
import { renderConfig } from './config.js'
import { finishModel } from './finish.js'
import { samplesSeen, stepsOf, stepsOfJob } from '../steps.js'
import { layoutOf, MODEL } from './layout.js'
import { readProgress, secondsOf } from './progress.js'
import { runSft } from './run.js'

export interface TrlOptions {
  readonly cacheRoot: string
  /** Gives the Python environment, installing it at need. */
  readonly environment: () => Promise<Result<Pick<PythonEnvironment, 'python' | 'versions'>>>
}

/** Fine-tuning by TRL's own SFT script, in the managed Python environment. */
export function trlEngine(options: TrlOptions): TrainingEngine {
  return {
    name: 'trl',
    check: (job) => checkTrl(job, options),
    plan: (job) => Promise.resolve(planTrl(job)),
    prepare: prepareTrl,
    async run(job, runOptions) {
      const environment = await options.environment()
      if (!environment.ok) return environment
      const runtime = { environment: environment.value, cacheRoot: options.cacheRoot }
      const trained = await runSft(job, runtime, runOptions)
      if (!trained.ok) return trained
      const finished = await finishModel(job, runtime)
      if (!finished.ok) return finished
      const model: TrainedModel = {
        ...trained.value,
        path: MODEL,
        steps: stepsOfJob(job),
        seconds: secondsOf(readProgress(layoutOf(job.folder).progress)),
        versions: environment.value.versions,
      }
      return done(model)
    },
    async clean(job) {
      await rm(layoutOf(job.folder).output, { recursive: true, force: true })
    },
  }
}

function planTrl({ dataset, recipe }: TrainingJob): Result<TrainingPlan> {
  const samples = samplesSeen(recipe, dataset.samples.length)
  const each = dataset.samples.reduce((sum, { input_ids: ids }) => sum + ids.length, 0) / dataset.samples.length
  const steps = stepsOf(recipe, dataset.samples.length)
  const estimate = { steps, samples, tokens: Math.round(each * samples), seconds: null, memoryBytes: null }
  return done({ estimate, notes: [] })
}

/** Two checkpoints of weights and two Adam moments each, and the final weights. */
const COPIES = 7

async function checkTrl(job: TrainingJob, options: TrlOptions): Promise<Result<EngineCheck>> {
  try {
    await mkdir(job.folder, { recursive: true })
    const weights = await weightBytes(job.base.folder)
    const diskBytes = job.recipe.method === 'lora' ? weights * 2 : weights * COPIES
    const disk = await statfs(job.folder)
    const free = disk.bavail * disk.bsize
    const missing: Failure[] = free < diskBytes ? [noRoom(diskBytes, free, job.folder)] : []
    if ((await readyEnvironment(options.cacheRoot, 'trl')) === null) {
      const python = await findInterpreter()
      if (!python.ok) missing.push(python.failure)
      else if (missing.length === 0) {
        const environment = await options.environment()
        if (!environment.ok) missing.push(environment.failure)
      }
    }
    return done({ missing, diskBytes })
  } catch (error) {
    return failed(diskFailure(error, job.folder))
  }
}

const noRoom = (needed: number, free: number, where: string): Failure => ({
  kind: 'underway',
  code: 'disk.full',
  message: `training needs ${formatBytes(needed)} of free disk at its peak, and ${formatBytes(free)} are free`,
  where,
  remedy: 'free some space, or use a LoRA recipe, then run the same command again',
})

async function weightBytes(folder: string): Promise<number> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.safetensors'))
  const sizes = await Promise.all(names.map(async (name) => (await stat(path.join(folder, name))).size))
  return sizes.reduce((total, size) => total + size, 0)
}

async function prepareTrl(job: TrainingJob): Promise<Result<readonly string[]>> {
  const layout = layoutOf(job.folder)
  const lines = job.dataset.samples.map(({ input_ids, labels }) => `${JSON.stringify({ input_ids, labels })}\n`)
  const data = await writeFileAtomic(layout.data, lines.join(''))
  if (!data.ok) return data
  const config = await writeFileAtomic(layout.config, renderConfig(job))
  return config.ok ? done([layout.config, layout.data]) : config
}
