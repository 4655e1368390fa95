import { done, Evaluation, type Metrics, type Result, type Trial } from '../../../nouns/index.js'
import { placeOf, readManifest } from '../../../shared/project/index.js'
import { loadEvaluation } from '../load.js'
import { showEvaluation } from '../show.js'
import { readPlan, readTrials } from '../trials/index.js'

/** An evaluation to be exported, finished or under way. */
export interface ExportSource {
  readonly id: string
  readonly folder: string
  readonly benchmark: string
  readonly agent: string
  readonly model: string
  readonly rounds: number
  readonly finished: boolean
  /** ISO 8601; null while it is under way. */
  readonly created: string | null
  /** Trials asked for. */
  readonly planned: number
  readonly parameters: Readonly<Record<string, unknown>>
  readonly trials: readonly Trial[]
  readonly metrics: Metrics
  readonly suites: Readonly<Record<string, Metrics>>
}

/** Failures: `evaluation.absent`, `evaluation.edited`, and those of a trial that cannot be read. */
export async function exportSource(evaluations: string, id: string): Promise<Result<ExportSource>> {
  const folder = placeOf(evaluations, id)
  if (!folder.ok) return folder
  const shown = await showEvaluation(evaluations, id)
  if (!shown.ok) return shown
  const loaded = await loadEvaluation(folder.value)
  if (!loaded.ok && loaded.failure.code !== 'evaluation.unfinished') return loaded
  const trials = loaded.ok ? done(loaded.value.trials) : await readTrials(folder.value)
  if (!trials.ok) return trials
  const manifest = await readManifest(folder.value, Evaluation)
  const plan = await readPlan(folder.value)
  const { benchmark, agent, model, rounds, finished, planned, metrics, suites } = shown.value
  return done({
    ...{ id, folder: folder.value, benchmark, agent, model, rounds, finished, planned, metrics, suites },
    created: manifest?.created ?? null,
    parameters: manifest?.made.parameters ?? plan?.parameters ?? {},
    trials: trials.value,
  })
}
