import { existsSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { done, failed, type Result } from '../../../nouns/index.js'
import { readJson } from '../../../shared/project/index.js'
import { BoundedLog, execute, offlineVariables } from '../../../shared/python/index.js'
import type { TrainingJob, TrainingOptions } from '../engine.js'
import { failureOf, lastCheckpoint, startEngine, type Resumable, type SaidEnd } from '../local/index.js'
import { samplesSeen, stepsOfJob } from '../steps.js'
import { tokensBySteps } from './batches.js'
import { Follower } from './follower.js'
import { mendOf, type Installed } from './installed.js'
import { layoutOf, SCRIPT } from './layout.js'

export interface Runtime {
  readonly installed: Installed
  readonly cacheRoot: string
  readonly gpus: number
  /** How long a stop may take before the process is killed. */
  readonly patienceMs?: number
  /** How long the engine may say nothing, at the least. */
  readonly stallMs?: number
}

/** What was trained: the folder below `output` with the weights, and where its history stands. */
export interface TrainedFiles {
  readonly weights: string
  readonly tokens: number
}

/** Runs `llamafactory-cli train run.yaml` to its end; LLaMA-Factory itself goes on from the last checkpoint in its output folder. */
export async function runTraining(
  job: TrainingJob,
  runtime: Runtime,
  options: TrainingOptions,
): Promise<Result<TrainedFiles>> {
  const layout = layoutOf(job.folder)
  const made = await makeDataset(job, runtime, options.signal)
  if (!made.ok) return made
  const tokens = tokensBySteps(job, made.value)
  const files = { weights: layout.output, tokens: tokens.at(-1) ?? 0 }
  const last = await lastCheckpoint(layout.output)
  if (await isTrained(layout.output)) return done(await shortened(files, tokens, layout.output))
  if (last !== null && last.step === stepsOfJob(job) && job.recipe.earlyStopping === undefined) {
    return done({ ...files, weights: last.folder })
  }
  // Weights without a checkpoint are of a run that was cut while it ended: LLaMA-Factory would refuse the folder.
  if (last === null) await rm(layout.output, { recursive: true, force: true })
  const trained = await attempt(job, runtime, options, tokens, last)
  return trained.ok ? done(await shortened(files, tokens, layout.output)) : trained
}

/** Token for token, by the script beside run.yaml. Gives the order of the samples. */
async function makeDataset(
  job: TrainingJob,
  { installed, cacheRoot }: Runtime,
  signal: AbortSignal | undefined,
): Promise<Result<readonly number[]>> {
  const { work, order } = layoutOf(job.folder)
  const total = samplesSeen(job.recipe, job.dataset.samples.length)
  const args = [SCRIPT, String(total), String(job.recipe.seed)]
  const ran = await execute(installed.python, args, { cwd: work, env: offlineVariables(cacheRoot), signal })
  return ran.ok ? readJson(order, z.array(z.number().int().nonnegative())) : ran
}

/** It writes these results after the final weights, and nothing else does. */
const isTrained = async (output: string): Promise<boolean> =>
  existsSync(path.join(output, 'train_results.json')) &&
  (await readdir(output)).some((name) => name.endsWith('.safetensors'))

const State = z.looseObject({ global_step: z.number().int() })

/** Where early stopping ended it, fewer tokens were seen. */
async function shortened(files: TrainedFiles, tokens: readonly number[], output: string): Promise<TrainedFiles> {
  const state = await readJson(path.join(output, 'trainer_state.json'), State)
  return state.ok ? { ...files, tokens: tokens[state.value.global_step - 1] ?? files.tokens } : files
}

async function attempt(
  job: TrainingJob,
  runtime: Runtime,
  options: TrainingOptions,
  tokens: readonly number[],
  resumed: Resumable | null,
): Promise<Result<void>> {
  const layout = layoutOf(job.folder)
  const log = new BoundedLog(layout.log)
  const start = {
    python: runtime.installed.python,
    run: 'llamafactory.cli',
    args: ['train', 'run.yaml'],
    cwd: layout.work,
    env: variablesOf(runtime),
    log,
    stallMs: runtime.stallMs,
    patienceMs: runtime.patienceMs ?? 30_000,
  }
  // Before the process starts: what is in its log by then is taken for an earlier attempt's.
  const follower = new Follower({ job, tokens, from: resumed?.step ?? 0, onEvent: options.onEvent }, (what) => {
    if (follower.notFinite !== null) engine.kill()
    engine.heard(what)
  })
  const engine = startEngine(start, options)
  const end = await engine.end
  follower.end()
  const { notFinite } = follower
  if (end.ended.code === 0 && notFinite === null && (await isTrained(layout.output))) return done(undefined)
  const said = notFinite === null ? null : notFiniteAt(notFinite)
  const mend = mendOf(runtime.installed)
  return failed(failureOf({ ...end, said, recipe: job.recipe, tail: log.tail(15), log: layout.log, mend }))
}

const notFiniteAt = (step: number): SaidEnd => ({ how: 'not-finite', message: 'the loss is no finite number', step })

/** With several GPUs it starts one process each by `torchrun`, which lies beside its Python. */
const variablesOf = ({ installed, cacheRoot, gpus }: Runtime): Record<string, string> => ({
  ...offlineVariables(cacheRoot),
  PATH: [path.dirname(installed.python), process.env['PATH'] ?? ''].join(path.delimiter),
  ...(gpus > 1 && { NPROC_PER_NODE: String(gpus) }),
})
