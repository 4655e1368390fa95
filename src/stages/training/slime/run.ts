import { existsSync } from 'node:fs'
import { rename, rm, symlink } from 'node:fs/promises'
import path from 'node:path'
import { done, failed, type Result } from '../../../nouns/index.js'
import { diskFailure } from '../../../shared/project/index.js'
import { BoundedLog } from '../../../shared/python/index.js'
import type { TrainedModel, TrainingJob, TrainingOptions } from '../engine.js'
import { stepsOfJob } from '../steps.js'
import { ensureJob, type Run } from './cluster-jobs.js'
import { resultElsewhere } from './failures.js'
import { layoutOf, MODEL, type Launch } from './files/index.js'
import { openJobs } from './jobs.js'
import { launchOf } from './launch.js'
import type { Settings } from './options.js'
import { tokensAfterSteps } from './plan.js'
import { curveOf, readProgress, versionsIn } from './progress.js'
import { rayClient } from './ray/index.js'

/** Trains on the cluster, converts what came out, and takes it as the run's model. */
export async function runSlime(
  job: TrainingJob,
  settings: Settings,
  options: TrainingOptions,
): Promise<Result<TrainedModel>> {
  const launch = await launchOf(job, settings)
  if (!launch.ok) return launch
  const client = rayClient(settings.address, settings.headers)
  if (!client.ok) return client
  const run = { ...options, launch: launch.value, client: client.value, log: new BoundedLog(layoutOf(job.folder).log) }
  const trained = await ensureJob(run, 'train')
  if (!trained.ok) return trained
  if (!existsSync(path.join(layoutOf(job.folder).model, 'config.json'))) {
    const converted = await ensureJob(run, 'convert')
    if (!converted.ok) return converted
    const taken = await takeModel(launch.value)
    if (!taken.ok) return taken
  }
  return summarise(run)
}

/** The converted model, where this machine sees it: a link, since its weights may fill a disk. */
async function takeModel({ job, places }: Launch): Promise<Result<void>> {
  const { model } = layoutOf(job.folder)
  const result = path.join(places.outputHere, 'hf')
  if (!existsSync(path.join(result, 'config.json'))) return failed(resultElsewhere(result, `${places.output}/hf`))
  const making = `${model}.part`
  try {
    await rm(making, { force: true, recursive: true })
    await symlink(result, making, 'dir')
    await rename(making, model)
    return done(undefined)
  } catch (error) {
    return failed(diskFailure(error, model))
  }
}

async function summarise({ launch, client, onEvent }: Run): Promise<Result<TrainedModel>> {
  const { job, settings, layout, model } = launch
  const { progress, jobs: file } = layoutOf(job.folder)
  const told = readProgress(progress)
  const loss = curveOf(told)
  const steps = stepsOfJob(job)
  if (loss.length < steps) {
    const text = `the log tells the loss of ${String(loss.length)} of ${String(steps)} steps; slime's lines may have changed`
    onEvent({ type: 'warning', code: 'steps-untold', text })
  }
  const jobs = await openJobs(file, job.run)
  if (!jobs.ok) return jobs
  const ray = await client.version()
  const trains = jobs.value.jobs.filter(({ kind }) => kind === 'train')
  return done({
    path: MODEL,
    steps,
    tokens: tokensAfterSteps(job).at(-1) ?? 0,
    seconds: trains.reduce((sum, { seconds = 0 }) => sum + seconds, 0),
    loss,
    hardware: { nodes: settings.nodes, gpusPerNode: settings.gpusPerNode, model: model.script, layout },
    versions: { ...versionsIn(told), ...(ray.ok && { ray: ray.value }) },
  })
}
