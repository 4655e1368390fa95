import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { WireDialect, WireProblem } from '../dialect.js'

/** An error in the words of a dialect. */
export const reply = (context: Context, dialect: WireDialect, problem: WireProblem): Response =>
  context.json(dialect.problem(problem) as object, problem.status as ContentfulStatusCode)
