import path from 'node:path'
import { done, failed, type Failure, type Result } from '../../nouns/index.js'
import { importEvaluations, showEvaluation, type ShownEvaluation } from '../../stages/evaluation/index.js'
import { writeTrajectory } from '../../stages/trajectories/index.js'
import type { Run } from '../run.js'

export { metricsTable } from '../../stages/evaluation/index.js'

export interface EvaluationImportRequest {
  readonly format: string
  readonly id?: string
  /** Which scorer decides, where a log has several. */
  readonly scorer?: string
  /** The full score, where scorers give numbers. */
  readonly maxScore?: number
}

export interface EvaluationsImported {
  readonly shown: readonly ShownEvaluation[]
  readonly kept: readonly string[]
  readonly rejected: readonly Failure[]
}

/** `limi eval import`: each evaluation as `limi eval show` gives it; where none could be read, the first reason. */
export async function importEvaluationsInto(
  run: Run,
  paths: readonly string[],
  request: EvaluationImportRequest,
): Promise<Result<EvaluationsImported>> {
  const { evaluations: folder } = run.project.paths
  const report = await importEvaluations(paths, {
    ...request,
    folder,
    keep: (evaluation, trajectory) => writeTrajectory(path.join(evaluation, 'trajectories'), trajectory),
    signal: run.signal,
    onLine: (line) => run.warn(line),
  })
  if (!report.ok) return report
  const { imported, rejected } = report.value
  const [first] = rejected
  if (imported.length === 0 && first !== undefined) return failed(nothing(rejected, first))
  const shown: ShownEvaluation[] = []
  for (const { id } of imported) {
    const one = await showEvaluation(folder, id)
    if (!one.ok) return one
    shown.push(one.value)
  }
  return done({ shown, kept: imported.filter(({ kept }) => kept).map(({ id }) => id), rejected })
}

/** One failure is told as it is. */
function nothing(rejected: readonly Failure[], first: Failure): Failure {
  if (rejected.length === 1) return first
  const lines = rejected.map(({ message, code, where }) => `  ${where ?? ''}: ${message} (${code})`)
  return {
    kind: 'input',
    code: 'import.nothing',
    message: ['nothing was imported', ...lines].join('\n'),
    remedy: 'see what each line says',
  }
}
