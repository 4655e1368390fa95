import type { Query, Result } from '../../../../nouns/index.js'
import type { Benchmark } from '../benchmark.js'
import { ownBenchmark } from './own.js'

/** The name of the project's own held-out queries as a benchmark. */
export const HELDOUT = 'heldout'

/** The project's own queries that say `split: heldout`; suites are their tag `suite`, and one suite where they have none. */
export function heldoutBenchmark(queries: readonly Query[], where: string): Result<Benchmark> {
  const tasks = queries
    .filter(({ split }) => split === 'heldout')
    .map((query) => ({ id: query.id, suite: query.tags['suite'] ?? HELDOUT, query }))
  return ownBenchmark({ name: HELDOUT, description: "The project's own held-out queries.", tasks, where })
}
