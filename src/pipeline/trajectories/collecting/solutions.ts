import path from 'node:path'
import type { Query } from '../../../nouns/index.js'
import { solutionLines } from '../../../stages/queries/index.js'
import type { Run } from '../../run.js'

/** The lines that solved each mined query, by its id; a repository that cannot be read is a warning. */
export async function solutionsOf(
  run: Run,
  queries: readonly Query[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const solutions = new Map<string, readonly string[]>()
  for (const query of queries) {
    if (query.source.kind !== 'mined') continue
    const repository = path.resolve(run.project.root, query.start.repository?.path ?? query.source.repository)
    const lines = await solutionLines(query, repository, run.signal)
    if (lines.ok) solutions.set(query.id, lines.value)
    else
      run.warn(
        `${query.id}: its solution is not known to the check of what a simulated user says: ${lines.failure.message}`,
      )
  }
  return solutions
}
