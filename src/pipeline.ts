import type { RunPlan } from './nouns/index.js'
import { collectPool } from './pipeline/trajectories/collection.js'
import { curatePool } from './pipeline/curation.js'
import { buildDatasets } from './pipeline/dataset/dataset.js'
import { evaluateArms } from './pipeline/evaluation/evaluation.js'
import { gatherQueries } from './pipeline/queries/queries.js'
import type { Run } from './pipeline/run.js'
import type { StageDone } from './pipeline/stages.js'
import { trainArms } from './pipeline/training/arms.js'
import { compareArms } from './pipeline/evaluation/verdict.js'

/**
 * The method of *LIMI: Less is More for Agency* (arXiv 2509.17567), top to bottom. Each stage keeps what is there and unchanged,
 * and hands its result on; the caller sees every stage as it is done and may stop after any of them.
 */
export async function* limi(run: Run, plan: RunPlan): AsyncGenerator<StageDone> {
  const queries = await gatherQueries(run, plan)
  yield { stage: 'queries', ...queries }

  const pool = await collectPool(run, plan, queries.value)
  yield { stage: 'trajectories', ...pool }

  const selections = await curatePool(run, plan, pool.value, queries.value)
  yield { stage: 'curation', ...selections }

  const datasets = await buildDatasets(run, plan, selections.value, pool.value)
  yield { stage: 'dataset', ...datasets }

  const checkpoints = await trainArms(run, plan, datasets.value)
  yield { stage: 'training', ...checkpoints }

  const evaluations = await evaluateArms(run, plan, queries.value, checkpoints.value)
  yield { stage: 'evaluation', ...evaluations }

  const verdicts = await compareArms(run, plan.seed, evaluations.value)
  yield { stage: 'verdict', ...verdicts }
}
