import { rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { z } from 'zod'
import { done, type LossPoint, type Result } from '../../../nouns/index.js'
import { readJson } from '../../../shared/project/index.js'
import { gpusHere } from '../../../shared/python/index.js'
import type { TrainedModel, TrainingEngine, TrainingJob, TrainingOptions } from '../engine.js'
import { readEvents } from '../events.js'
import { historyOf, type History } from '../local/index.js'
import { stepsOfJob } from '../steps.js'
import { checkJob } from './check.js'
import { finishModel } from './finish.js'
import { findInstalled, type Environment } from './installed.js'
import { layoutOf, MODEL } from './layout.js'
import { planOn, spreadOn } from './plan.js'
import { prepareFiles } from './prepare.js'
import { runTraining, type Runtime, type TrainedFiles } from './run.js'

export interface LlamafactoryOptions {
  readonly cacheRoot: string
  /** Where LLaMA-Factory is looked for: `LIMI_LLAMAFACTORY_PYTHON`, else PATH. Default: this process's environment. */
  readonly env?: Environment
  /** How many GPUs train; asked of the machine where it is left out. */
  readonly gpus?: () => Promise<number>
  readonly stallMs?: number
  readonly patienceMs?: number
}

/** Fine-tuning by LLaMA-Factory, which the user has installed. */
export function llamafactoryEngine(options: LlamafactoryOptions): TrainingEngine {
  const env = options.env ?? process.env
  const gpus = options.gpus ?? (() => visibleGpus(env))
  return {
    name: 'llamafactory',
    check: (job) => checkJob(job, env),
    plan: async (job) => planOn(job, await gpus()),
    async prepare(job) {
      const spread = spreadOn(job, await gpus())
      return spread.ok ? prepareFiles(job, spread.value) : spread
    },
    async run(job, runOptions) {
      const installed = await findInstalled(env)
      if (!installed.ok) return installed
      return trainModel(job, { ...options, installed: installed.value, gpus: await gpus() }, runOptions)
    },
    async clean(job) {
      const { output, tokenized } = layoutOf(job.folder)
      for (const folder of [output, tokenized]) await rm(folder, { recursive: true, force: true })
    },
  }
}

/** `CUDA_VISIBLE_DEVICES` hides GPUs from the trainer, not from the machine's own list. */
async function visibleGpus(env: Environment): Promise<number> {
  const visible = env['CUDA_VISIBLE_DEVICES']
  const count = (await gpusHere()).length
  return visible === undefined ? count : Math.min(count, visible.split(',').filter((id) => id.trim() !== '').length)
}

async function trainModel(job: TrainingJob, runtime: Runtime, options: TrainingOptions): Promise<Result<TrainedModel>> {
  const began = Date.now()
  const trained = await runTraining(job, runtime, options)
  if (!trained.ok) return trained
  const finished = await finishModel(job, runtime, trained.value.weights)
  if (!finished.ok) return finished
  const seconds = (await secondsBefore(job.folder)) + (Date.now() - began) / 1000
  return modelOf(job, runtime, trained.value, seconds)
}

async function modelOf(
  job: TrainingJob,
  { installed, gpus }: Runtime,
  { weights, tokens }: TrainedFiles,
  seconds: number,
): Promise<Result<TrainedModel>> {
  const history = await historyOf({ folder: weights, step: stepsOfJob(job), stoppedEarly: null })
  if (!history.ok) return history
  const { loss } = history.value
  const heldOut = await withLast(job, history.value)
  return done({
    path: MODEL,
    steps: loss.at(-1)?.step ?? stepsOfJob(job),
    tokens,
    seconds,
    loss,
    ...(job.heldOut && { heldOutLoss: heldOut }),
    hardware: { platform: `${process.platform} ${process.arch}`, cores: os.availableParallelism(), gpus },
    versions: installed.versions,
  })
}

const Results = z.looseObject({ eval_loss: z.number() })

/** What it measures once more at the end stands in a file of its own; after early stopping that is the best weights' loss, not the last step's. */
async function withLast(job: TrainingJob, { loss, heldOut }: History): Promise<readonly LossPoint[]> {
  const step = loss.at(-1)?.step
  const isThere = heldOut.some((point) => point.step === step)
  if (step === undefined || isThere || job.recipe.earlyStopping !== undefined) return heldOut
  const results = await readJson(path.join(layoutOf(job.folder).output, 'eval_results.json'), Results)
  return results.ok ? [...heldOut, { step, loss: results.value.eval_loss }] : heldOut
}

/** Of earlier attempts, each until its last event. */
async function secondsBefore(folder: string): Promise<number> {
  const read = await readEvents(folder)
  if (!read.ok) return 0
  const times = read.value.events.map(({ type, time }) => ({ begins: type === 'attempt', time: Date.parse(time) }))
  const starts = times.flatMap(({ begins }, at) => (begins ? [at] : []))
  return starts.slice(0, -1).reduce((sum, start, at) => {
    const end = (starts[at + 1] ?? times.length) - 1
    return sum + ((times[end]?.time ?? 0) - (times[start]?.time ?? 0)) / 1000
  }, 0)
}
