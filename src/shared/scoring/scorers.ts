import { done, failed, type Query, type Result } from '../../nouns/index.js'
import { checksScorer } from './checks/index.js'
import { judgeScorer, type Judge } from './judge/index.js'
import type { ModuleScorers } from './module/index.js'
import type { Scorer } from './scorer.js'
import { verifierScorer } from './verifier/index.js'

/** What some ways of scoring need beside the query. */
export interface ScoringMeans {
  readonly judge?: Judge
  readonly modules?: ModuleScorers
  /** What hidden tests' places are relative to; this process's own folder where not given. */
  readonly root?: string
}

/**
 * The scorer that a query asks for. One without a way to score is `scoring.none`; a bad pattern is `check.invalid`; a rubric without a
 * judge is `scoring.no-judge`; a module's scorer without its benchmark is `scoring.no-module`.
 */
export function scorerFor(query: Query, means: ScoringMeans = {}): Result<Scorer> {
  const { scoring } = query
  switch (scoring.kind) {
    case 'checks':
      return checksScorer(scoring.checks, query.id)
    case 'judge':
      return means.judge === undefined ? noJudge(query) : judgeScorer(query, scoring, means.judge)
    case 'module':
      return (
        means.modules?.(query) ??
        failed({
          kind: 'input',
          code: 'scoring.no-module',
          message: `query ${query.id} is scored by the module ${scoring.module}, which is known to its own benchmark only`,
          where: query.id,
          remedy: 'evaluate that benchmark: `limi eval run PATH`',
        })
      )
    case 'verifier':
      return done(verifierScorer(scoring, means.root ?? '.'))
    case 'none':
      return failed({
        kind: 'input',
        code: 'scoring.none',
        message: `query ${query.id} cannot be scored: ${scoring.why}`,
        where: query.id,
        remedy: 'give it checks, or leave it out',
      })
  }
}

const noJudge = ({ id }: Query): Result<Scorer> =>
  failed({
    kind: 'input',
    code: 'scoring.no-judge',
    message: `query ${id} is scored by a rubric, and no judge is named`,
    where: id,
    remedy: 'name one: --judge MODEL, or --judge human',
  })
