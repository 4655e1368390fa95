import { unwrap, type Query } from '../../nouns/index.js'
import { queryStore } from '../../stages/queries/index.js'
import type { Run } from '../run.js'

/** Queries of the project; those that cannot be read are warnings. */
export async function queriesOf(run: Run): Promise<readonly Query[]> {
  const { queries, unreadable } = unwrap(await queryStore(run.project.paths.queries).readAll())
  for (const { id, failure } of unreadable)
    run.warn(`query ${id} is left aside: ${failure.message} (${failure.where ?? ''})`)
  return queries
}
