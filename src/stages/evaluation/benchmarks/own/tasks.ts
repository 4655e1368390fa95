import { Query, type OwnTask, type Scoring } from '../../../../nouns/index.js'
import type { BenchmarkTask } from '../benchmark.js'

/** The suite of a task that names none. */
const SUITE = 'tasks'

/** What a task's own file or module does not say. */
export interface TaskContext {
  readonly benchmark: string
  readonly id: string
  /** Texts that the agent starts with, by relative path. */
  readonly files: Readonly<Record<string, string>>
  /** How a part without checks and rubric is scored. */
  readonly otherwise: Scoring
  readonly licence?: string
}

type Part = Pick<OwnTask, 'checks' | 'rubric' | 'passAt' | 'judged' | 'data'> & { readonly request?: string }

/** A task of the user's own as queries: one, or one a subtask, of which only the first has files to start with. */
export function taskOf(task: OwnTask, { benchmark, id, files, otherwise, licence }: TaskContext): BenchmarkTask {
  const parts: readonly Part[] = task.subtasks ?? [task]
  const [query, ...further] = parts.map((part, at) =>
    Query.parse({
      format: 'limi.query/1',
      id: parts.length === 1 ? id : `${id}.${at + 1}`,
      request: part.request,
      split: 'heldout',
      tags: task.tags,
      start: { files: at === 0 ? files : {} },
      scoring: scoringOf(part, otherwise),
      source: {
        kind: 'benchmark',
        benchmark,
        parameters: { task: id, subtask: at + 1, ...(part.data && { data: part.data }) },
      },
      licence: task.licence ?? licence,
    }),
  )
  if (query === undefined) throw new Error(`task ${id} has no part`)
  return { id, suite: task.suite ?? SUITE, query, ...(further.length === 0 ? {} : { further }) }
}

/** A query's file as a task: what is measured is never taught, whatever its split says. */
export const taskOfQuery = (query: Query): BenchmarkTask => ({
  id: query.id,
  suite: query.tags['suite'] ?? SUITE,
  query: { ...query, split: 'heldout' },
})

function scoringOf({ checks, rubric, passAt, judged }: Part, otherwise: Scoring): Scoring {
  if (checks !== undefined) return { kind: 'checks', checks }
  if (rubric !== undefined) return { kind: 'judge', rubric, passAt: passAt ?? 1, files: judged }
  return otherwise
}
