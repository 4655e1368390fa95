import path from 'node:path'
import { unwrap, type Evaluation, type Verdict } from '../../nouns/index.js'
import { compareEvaluations, loadEvaluation, type FinishedEvaluation } from '../../stages/evaluation/index.js'
import type { Made, Run } from '../run.js'
import type { ByArm } from '../stages.js'
import { BASE_ARM } from './arms.js'

/** Stage 7: what each arm's evaluation shows against the base's, paired by task. */
export async function compareArms(
  run: Run,
  seed: number,
  evaluations: ByArm<Evaluation>,
): Promise<Made<ByArm<Verdict>>> {
  const base = await finished(run, evaluations, BASE_ARM)
  const verdicts: Record<string, Verdict> = {}
  for (const arm of Object.keys(evaluations)) {
    if (arm !== BASE_ARM) verdicts[arm] = await compareTwo(run, seed, base, await finished(run, evaluations, arm))
  }
  return { value: verdicts, kept: true }
}

async function compareTwo(run: Run, seed: number, a: FinishedEvaluation, b: FinishedEvaluation): Promise<Verdict> {
  const verdict = unwrap(compareEvaluations(a, b, { seed, onLine: (line) => run.warn(line) }))
  return { ...verdict, suites: inOrderOf(Object.keys(a.evaluation.suites), verdict.suites) }
}

/** Suites in the order in which the benchmark shows them. */
function inOrderOf<T>(names: readonly string[], bySuite: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(names.flatMap((name) => (name in bySuite ? [[name, bySuite[name] as T]] : [])))
}

async function finished(run: Run, evaluations: ByArm<Evaluation>, arm: string): Promise<FinishedEvaluation> {
  const evaluation = evaluations[arm]
  if (evaluation === undefined) throw new Error(`no evaluation of ${arm}`)
  return unwrap(await loadEvaluation(path.join(run.project.paths.evaluations, evaluation.id)))
}
