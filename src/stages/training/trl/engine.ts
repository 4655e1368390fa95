import { readFile, rm } from 'node:fs/promises'
import { done, failed, type Failure, type Result } from '../../../nouns/index.js'
import { diskFailure, writeFileAtomic } from '../../../shared/project/index.js'
import {
  execute,
  findInterpreter,
  gpusHere,
  readyEnvironment,
  type Gpu,
  type PythonEnvironment,
} from '../../../shared/python/index.js'
import type { EngineCheck, TrainedModel, TrainingEngine, TrainingJob, TrainingPlan } from '../engine.js'
import { lackOfRoom, linesOf, storedBytes, trainedBytes } from '../local/index.js'
import { needsScript, renderConfig } from './config.js'
import { finishModel } from './finish.js'
import { layoutOf, MODEL, SCRIPT } from './layout.js'
import { learnSpeed, planTrl } from './plan/index.js'
import { readProgress, secondsOf, secondsPerStep } from './progress.js'
import { helperAt, runSft } from './run.js'
import { refusalOfTrl } from './unsupported.js'

export interface TrlOptions {
  readonly cacheRoot: string
  /** Gives the Python environment, installing it at need. */
  readonly environment: () => Promise<Result<Pick<PythonEnvironment, 'python' | 'versions'>>>
  /** The machine's GPUs; asked of the machine where it is left out. */
  readonly gpus?: () => Promise<readonly Gpu[]>
  /** How long the engine may say nothing before it counts as hung, in ms; 10 minutes where it is left out. */
  readonly stallMs?: number
}

/** Fine-tuning by TRL's SFT trainer, in the managed Python environment. */
export function trlEngine(options: TrlOptions): TrainingEngine {
  return {
    name: 'trl',
    check: (job) => checkTrl(job, options),
    plan: (job) => planJob(job, options),
    prepare: prepareTrl,
    async run(job, runOptions) {
      const environment = await options.environment()
      if (!environment.ok) return environment
      const runtime = { environment: environment.value, cacheRoot: options.cacheRoot, stallMs: options.stallMs }
      const trained = await runSft(job, runtime, runOptions)
      if (!trained.ok) return trained
      const finished = await finishModel(job, runtime)
      if (!finished.ok) return finished
      const progress = readProgress(layoutOf(job.folder).progress)
      await learnSpeed(job, String(trained.value.hardware['device']), secondsPerStep(progress), options.cacheRoot)
      const model: TrainedModel = {
        ...trained.value,
        path: MODEL,
        seconds: secondsOf(progress),
        versions: environment.value.versions,
      }
      return done(model)
    },
    async clean(job) {
      await rm(layoutOf(job.folder).output, { recursive: true, force: true })
    },
  }
}

async function planJob(job: TrainingJob, options: TrlOptions): Promise<Result<TrainingPlan>> {
  const gpus = await (options.gpus ?? gpusHere)()
  const refused = refusalOfTrl(job, gpus.length)
  return refused === null ? done(await planTrl(job, gpus, options.cacheRoot)) : failed(refused)
}

/** A checkpoint has the weights and two Adam moments. While it is written there are two of them, and the final weights come on top. */
const CHECKPOINT = 3
const copiesOf = ({ earlyStopping }: TrainingJob['recipe']): number =>
  CHECKPOINT * (earlyStopping === undefined ? 2 : 3) + 1

async function checkTrl(job: TrainingJob, options: TrlOptions): Promise<Result<EngineCheck>> {
  try {
    const diskBytes = await diskNeeded(job)
    const room = await lackOfRoom(job.folder, diskBytes)
    const missing: Failure[] = room === null ? [] : [room]
    if ((await readyEnvironment(options.cacheRoot, 'trl')) === null) {
      const python = await findInterpreter()
      if (!python.ok) missing.push(python.failure)
      else if (missing.length === 0) {
        const environment = await options.environment()
        if (!environment.ok) missing.push(environment.failure)
      }
    }
    const quantiser = missing.length === 0 ? await missingQuantiser(job, options) : null
    if (quantiser !== null) missing.push(quantiser)
    return done({ missing, diskBytes })
  } catch (error) {
    return failed(diskFailure(error, job.folder))
  }
}

/** Not among the pinned packages, since it is large and only `qlora` uses it. */
const QUANTISER = 'bitsandbytes==0.50.2'

async function missingQuantiser(job: TrainingJob, options: TrlOptions): Promise<Failure | null> {
  if (job.recipe.method !== 'qlora') return null
  const environment = await options.environment()
  if (!environment.ok) return environment.failure
  const { python } = environment.value
  if ((await execute(python, ['-c', 'import bitsandbytes'])).ok) return null
  return {
    kind: 'missing',
    code: 'package.missing',
    message: 'method qlora needs bitsandbytes, which the Python environment does not hold',
    where: python,
    remedy: `uv pip install --python ${python} ${QUANTISER}   (never tried by the makers of limi)`,
  }
}

/** Weights are trained and saved in fp32 whatever the base is stored in; adapters are merged into the base as it is stored. */
const diskNeeded = async ({ base, recipe }: TrainingJob): Promise<number> =>
  recipe.method === 'full' ? copiesOf(recipe) * (await trainedBytes(base.folder)) : 2 * (await storedBytes(base.folder))

async function prepareTrl(job: TrainingJob): Promise<Result<readonly string[]>> {
  const layout = layoutOf(job.folder)
  const files: [string, string][] = [
    [layout.data, linesOf(job.dataset.samples)],
    [layout.config, renderConfig(job)],
  ]
  if (needsScript(job)) files.push([layout.script, await readFile(helperAt(SCRIPT), 'utf8')])
  if (job.heldOut !== undefined) files.push([layout.heldOut, linesOf(job.heldOut.samples)])
  for (const [file, text] of files) {
    const written = await writeFileAtomic(file, text)
    if (!written.ok) return written
  }
  return done(files.map(([file]) => file))
}
