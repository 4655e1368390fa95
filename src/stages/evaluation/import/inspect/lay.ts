import { unwrap, type Failure, type Trial } from '../../../../nouns/index.js'
import { digestOfValue, writeManifest } from '../../../../shared/project/index.js'
import { plural } from '../../../../shared/report/index.js'
import { compareText } from '../../metrics/index.js'
import { countFaults, summaryOf, writePlan } from '../../trials/index.js'
import type { ImportTarget, WrittenEvaluation } from '../importer.js'
import type { LogHeader } from './schema.js'

interface Read {
  readonly rows: readonly Trial[]
  readonly rejected: readonly Failure[]
}

/** Plan and manifest of what was read. Made from the log alone, so that two imports of it are the same. */
export async function layEvaluation(header: LogHeader, target: ImportTarget, read: Read): Promise<WrittenEvaluation> {
  const { id, folder, imported } = target
  const { rows } = read
  const { eval: spec, results, status } = header
  const tasks = Object.fromEntries(rows.map(({ task, taskDigest }) => [task, taskDigest]))
  const head = {
    id,
    benchmark: spec.dataset?.name ?? spec.task,
    agent: spec.solver ?? 'inspect',
    model: spec.model,
    rounds: 1,
  }
  const planned = Math.max(results?.total_samples ?? 0, rows.length + read.rejected.length)
  const lacking = planned - rows.length - read.rejected.length
  const isLost = status === 'success' && lacking > 0
  const rejected = isLost ? [...read.rejected, missing(lacking, imported.path)] : read.rejected
  const trials = Math.max(...rows.map(({ trial }) => trial))
  const made = {
    inputs: { log: [{ id: imported.path, digest: imported.digest }] },
    parameters: parametersOf(header, target, { tasks, trials, head }),
  }
  const extra = { imported: { ...imported, status, rejected } }
  unwrap(
    await writePlan(folder, { format: 'limi.evaluation-plan/1', ...head, planned, trials, tasks, ...made, ...extra }),
  )
  const count = Object.keys(tasks).length
  const sorted = [...rows].sort((a, b) => compareText(a.task, b.task) || a.trial - b.trial)
  const summary = summaryOf({ ...head, made, tasks: count, subtasks: count }, sorted, await countFaults(folder))
  unwrap(await writeManifest(folder, { ...summary, created: spec.created ?? summary.created, ...extra }))
  return { rejected, notes: notesOf(header, { planned, rows }) }
}

interface Laid {
  readonly tasks: Readonly<Record<string, string>>
  readonly trials: number
  readonly head: { readonly benchmark: string; readonly agent: string; readonly model: string; readonly rounds: number }
}

/** Named as in an evaluation of our own, so that two imports, and only such, can be compared. */
const parametersOf = ({ eval: spec }: LogHeader, { settings }: ImportTarget, { tasks, trials, head }: Laid) => ({
  benchmark: head.benchmark,
  agent: head.agent,
  model: head.model,
  rounds: head.rounds,
  trials,
  tasks: digestOfValue(tasks),
  sandbox: spec.sandbox ?? null,
  scorers: (spec.scorers ?? []).map(({ name }) => name),
  inspect: { task: spec.task, version: spec.packages['inspect_ai'] ?? null },
  limits: Object.fromEntries(Object.entries(spec.config).filter(([name]) => name.endsWith('_limit'))),
  ...settings,
})

function notesOf(
  { status, error }: LogHeader,
  { planned, rows }: { planned: number; rows: readonly Trial[] },
): string[] {
  const said = typeof error?.message === 'string' ? `: ${error.message}` : ''
  const unscored = rows.filter(({ cause }) => cause === 'judge').length
  return [
    ...(status === 'success' ? [] : [`the log says of itself "${status}"${said}`]),
    ...(planned > rows.length ? [`${rows.length} of ${plural(planned, 'sample')} are there`] : []),
    ...(unscored === 0 ? [] : [`${plural(unscored, 'sample')} without a score: not measured, cause judge`]),
    'not taken over: events, the store, and what scorers noted besides value, answer and explanation',
  ]
}

/** A log that was finished holds all its samples. */
const missing = (count: number, where: string): Failure => ({
  kind: 'input',
  code: 'import.missing',
  message: `${plural(count, 'sample')} that the log counts ${count === 1 ? 'is' : 'are'} not in it`,
  where,
  remedy: 'copy the log again from where it was written',
})
