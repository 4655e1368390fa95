import { done, failed, type Result, type TaughtOverlap, type Verdict } from '../../nouns/index.js'
import { placeOf, type Project } from '../../shared/project/index.js'
import {
  basisOf,
  compareEvaluations,
  comparisonTable,
  loadEvaluation,
  planComparison,
  planText,
  taughtIn,
  taughtLines,
  wordsOf,
  type ComparisonPlan,
  type FinishedEvaluation,
  type PlanRequest,
} from '../../stages/evaluation/index.js'
import type { Run } from '../run.js'

export interface Compared {
  /** With what the tasks share with what each model was taught; null where it is no checkpoint, or nobody looked. */
  readonly data: Verdict & { readonly taught: Readonly<Record<'a' | 'b', TaughtOverlap | null>> }
  readonly text: string
  readonly verdict: Verdict['verdict']
}

/** `limi compare A B`. */
export async function compareProject(run: Run, a: string, b: string, seed: number): Promise<Result<Compared>> {
  const [before, after] = [await finishedEvaluation(run, a), await finishedEvaluation(run, b)]
  if (!before.ok) return before
  if (!after.ok) return after
  const verdict = compareEvaluations(before.value, after.value, { seed, onLine: (line) => run.warn(line) })
  if (!verdict.ok) return verdict
  const text = [comparisonTable(verdict.value), '', ...wordsOf(verdict.value)].join('\n')
  const taught = { a: sayTaught(run, before.value), b: sayTaught(run, after.value) }
  return done({ data: { ...verdict.value, taught }, text, verdict: verdict.value.verdict })
}

/** Says what an evaluation's tasks share with what its model was taught, or that nobody looked. */
function sayTaught(run: Run, { evaluation }: FinishedEvaluation): TaughtOverlap | null {
  const taught = taughtIn(evaluation)
  const isCheckpoint = evaluation.made.inputs['checkpoint'] !== undefined
  const lines = taught === null ? (isCheckpoint ? [NOBODY_LOOKED] : []) : taughtLines(taught)
  for (const line of lines) run.warn(`${evaluation.id}: ${line}`)
  return taught
}

const NOBODY_LOOKED = 'an earlier version made it: nobody looked whether its tasks are among what its model was taught'

export interface Planned {
  readonly data: ComparisonPlan
  readonly text: string
}

/** `limi compare --plan`, from nothing but what is asked. */
export function planned(request: PlanRequest): Result<Planned> {
  const plan = planComparison(request)
  return plan.ok ? done({ data: plan.value, text: planText(plan.value) }) : plan
}

/** `limi compare --plan --from A`: with the success rate, the chance and the cost that an evaluation showed. */
export async function plannedFrom(
  run: Pick<Run, 'project'>,
  id: string,
  request: Omit<PlanRequest, 'from'>,
): Promise<Result<Planned>> {
  const evaluation = await finishedEvaluation(run, id)
  if (!evaluation.ok) return evaluation
  const from = basisOf(evaluation.value)
  return from === null ? failed(unmeasured(run.project, id)) : planned({ ...request, from })
}

const unmeasured = ({ paths }: Project, id: string) =>
  ({
    kind: 'input',
    code: 'plan.unmeasured',
    message: `no trial of evaluation ${id} was measured, so it says nothing of the next`,
    where: paths.evaluations,
    remedy: 'name another evaluation, or say what to expect with --baseline',
  }) as const

/** A finished evaluation with its trials, by id. */
export async function finishedEvaluation(run: Pick<Run, 'project'>, id: string): Promise<Result<FinishedEvaluation>> {
  const folder = placeOf(run.project.paths.evaluations, id)
  if (!folder.ok) return folder
  const loaded = await loadEvaluation(folder.value)
  if (loaded.ok || loaded.failure.code !== 'evaluation.unfinished') return loaded
  return failed({ ...loaded.failure, message: `there is no finished evaluation ${id}` })
}
