import { done, type Checkpoint, type Result } from '../../nouns/index.js'
import { placeOf } from '../../shared/project/index.js'
import type { FinishedEvaluation } from '../../stages/evaluation/index.js'
import { readBegun } from '../../stages/training/index.js'
import type { Compared } from '../evaluation/compare.js'
import type { Made, Run } from '../run.js'
import { recallOf, repeatable } from './recall.js'
import { resumeProject, trainProject, type TrainRequest } from './project.js'

export interface TrainedAndRecalled {
  readonly made: Made<Checkpoint>
  /** What the checkpoint lost or gained on an evaluation of the base; absent where none was named. */
  readonly recall?: Compared
}

/** {@link trainProject}, and then the forgetting check on the evaluation that was named, which is looked for before anything is trained. */
export async function trainAndRecall(run: Run, request: TrainRequest): Promise<Result<TrainedAndRecalled>> {
  const before = request.forgetting === undefined ? done(null) : await repeatable(run, request.forgetting)
  return before.ok ? recalled(run, await trainProject(run, request), before.value) : before
}

/** {@link resumeProject}, and the forgetting check that the run was begun with; where that can no longer be made, a warning. */
export async function resumeAndRecall(run: Run, name: string): Promise<Result<TrainedAndRecalled>> {
  const evaluation = await forgettingOf(run, name)
  const before = evaluation === undefined ? done(null) : await repeatable(run, evaluation)
  if (!before.ok) run.warn(`${name}: the forgetting check is left out: ${before.failure.message}`)
  return recalled(run, await resumeProject(run, name), before.ok ? before.value : null)
}

async function forgettingOf(run: Run, name: string): Promise<string | undefined> {
  const folder = placeOf(run.project.paths.training, name)
  const begun = folder.ok ? await readBegun(folder.value) : folder
  return begun.ok ? begun.value.forgetting : undefined
}

async function recalled(
  run: Run,
  made: Result<Made<Checkpoint>>,
  before: FinishedEvaluation | null,
): Promise<Result<TrainedAndRecalled>> {
  if (!made.ok) return made
  if (before === null) return done({ made: made.value })
  const recall = await recallOf(run, before, made.value.value)
  return recall.ok ? done({ made: made.value, recall: recall.value.value }) : recall
}
