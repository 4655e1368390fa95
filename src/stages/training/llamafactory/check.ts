import { mkdir, readdir, stat, statfs } from 'node:fs/promises'
import path from 'node:path'
import { done, failed, type Failure, type Result } from '../../../nouns/index.js'
import { diskFailure } from '../../../shared/project/index.js'
import { formatBytes } from '../../../shared/python/index.js'
import type { EngineCheck, TrainingJob } from '../engine.js'
import { samplesSeen } from '../steps.js'
import { shapeOf } from '../trl/plan/model-shape.js'
import { findInstalled, type Environment } from './installed.js'

/** Two checkpoints of weights and two Adam moments each, and the final weights; in fp32, whatever the base is stored in. */
const COPIES = 7
/** Bytes of a token in the tokenised data: its id, its label and its mask. */
const TOKEN_BYTES = 9

/** Whether LLaMA-Factory is installed, and whether there is room. */
export async function checkJob(job: TrainingJob, env: Environment): Promise<Result<EngineCheck>> {
  try {
    await mkdir(job.folder, { recursive: true })
    const shape = await shapeOf(job.base.folder)
    const weights = shape === null ? await weightBytes(job.base.folder) : shape.parameters * 4
    const { dataset, recipe } = job
    const each = dataset.samples.reduce((sum, { input_ids: ids }) => sum + ids.length, 0) / dataset.samples.length
    const data = Math.ceil(each * samplesSeen(recipe, dataset.samples.length) * TOKEN_BYTES * 2)
    const diskBytes = weights * (recipe.method === 'full' ? COPIES : 2) + data
    const disk = await statfs(job.folder)
    const installed = await findInstalled(env)
    const missing: Failure[] = installed.ok ? [] : [installed.failure]
    const free = disk.bavail * disk.bsize
    return done({ missing: free < diskBytes ? [...missing, noRoom(diskBytes, free, job.folder)] : missing, diskBytes })
  } catch (error) {
    return failed(diskFailure(error, job.folder))
  }
}

async function weightBytes(folder: string): Promise<number> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.safetensors'))
  const sizes = await Promise.all(names.map(async (name) => (await stat(path.join(folder, name))).size))
  return sizes.reduce((total, size) => total + size, 0)
}

const noRoom = (needed: number, free: number, where: string): Failure => ({
  kind: 'underway',
  code: 'disk.full',
  message: `training needs ${formatBytes(needed)} of free disk at its peak, and ${formatBytes(free)} are free`,
  where,
  remedy: 'free some space, or use a LoRA recipe, then run the same command again',
})
