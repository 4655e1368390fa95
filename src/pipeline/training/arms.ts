import { unwrap, type ArmPlan, type Checkpoint, type DatasetManifest, type RunPlan } from '../../nouns/index.js'
import type { FinishedEvaluation } from '../../stages/evaluation/index.js'
import { asItLies, type Made, type Run } from '../run.js'
import type { ByArm } from '../stages.js'
import { recallOf, repeatable } from './recall.js'
import { trainInto } from './training.js'

/** Stage 5: a real fine-tune, one model an arm, with a look at what it forgot where an evaluation is named for that. */
export async function trainArms(
  run: Run,
  plan: RunPlan,
  datasets: ByArm<DatasetManifest>,
): Promise<Made<ByArm<Checkpoint>>> {
  const { engine, base, recipe, overrides, settings: setting } = plan.training
  const before = await evaluationsOf(run, plan)
  const made: Record<string, Checkpoint> = {}
  let kept = true
  for (const arm of plan.training.arms) {
    const { forgetting, heldOut } = withDefaults(plan, arm)
    const dataset = built(datasets, arm.name)
    const planned = { run: arm.name, engine, dataset, base, recipe, overrides, setting, forgetting }
    const measured = heldOut === undefined ? {} : { heldOut: built(datasets, heldOut) }
    const trained = unwrap(await trainInto(run, { ...planned, ...measured }))
    const checked = forgetting === undefined ? true : await check(run, before.get(forgetting), trained.value)
    made[arm.name] = trained.value
    kept = kept && trained.kept && checked
  }
  return { value: made, kept }
}

/** An arm with what it does not say itself from the training's own. */
export const withDefaults = ({ training: { heldOut, forgetting } }: RunPlan, arm: ArmPlan): ArmPlan => ({
  ...arm,
  heldOut: arm.heldOut ?? heldOut,
  forgetting: arm.forgetting ?? forgetting,
})

function built(datasets: ByArm<DatasetManifest>, name: string): DatasetManifest {
  const dataset = datasets[name]
  if (dataset === undefined) throw new Error(`no dataset ${name} was built`)
  return dataset
}

/** The evaluations that are to be repeated, all looked for before anything is trained; none where training is taken as it lies. */
async function evaluationsOf(run: Run, plan: RunPlan): Promise<ReadonlyMap<string, FinishedEvaluation>> {
  const found = new Map<string, FinishedEvaluation>()
  if (asItLies(run, 'training')) return found
  for (const arm of plan.training.arms) {
    const { forgetting } = withDefaults(plan, arm)
    if (forgetting !== undefined) found.set(forgetting, unwrap(await repeatable(run, forgetting)))
  }
  return found
}

/** Says what the checkpoint lost or gained; whether all of it was there already. */
async function check(run: Run, before: FinishedEvaluation | undefined, checkpoint: Checkpoint): Promise<boolean> {
  if (before === undefined) return true
  const { value: recall, kept } = unwrap(await recallOf(run, before, checkpoint))
  const told = `${checkpoint.id}: forgetting check on ${before.evaluation.id}: ${recall.verdict}`
  if (recall.verdict === 'loss') run.warn(told)
  else run.say(`  ${told}`)
  run.say(recall.text.replace(/^/gmu, '    '))
  return kept
}
