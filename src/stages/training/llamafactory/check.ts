import { done, failed, type Result } from '../../../nouns/index.js'
import { diskFailure } from '../../../shared/project/index.js'
import type { EngineCheck, TrainingJob } from '../engine.js'
import { lackOfRoom, trainedBytes } from '../local/index.js'
import { samplesSeen } from '../steps.js'
import { findInstalled, type Environment } from './installed.js'

/** Two checkpoints of weights and two Adam moments each, and the final weights; in fp32, whatever the base is stored in. */
const COPIES = 7
/** Bytes of a token in the tokenised data: its id, its label and its mask. */
const TOKEN_BYTES = 9

/** Whether LLaMA-Factory is installed, and whether there is room. */
export async function checkJob(job: TrainingJob, env: Environment): Promise<Result<EngineCheck>> {
  try {
    const { dataset, recipe } = job
    const each = dataset.samples.reduce((sum, { input_ids: ids }) => sum + ids.length, 0) / dataset.samples.length
    const data = Math.ceil(each * samplesSeen(recipe, dataset.samples.length) * TOKEN_BYTES * 2)
    const copies = recipe.method === 'full' ? COPIES : 2
    const diskBytes = copies * (await trainedBytes(job.base.folder)) + data
    const room = await lackOfRoom(job.folder, diskBytes)
    const installed = await findInstalled(env)
    const missing = [...(installed.ok ? [] : [installed.failure]), ...(room === null ? [] : [room])]
    return done({ missing, diskBytes })
  } catch (error) {
    return failed(diskFailure(error, job.folder))
  }
}
