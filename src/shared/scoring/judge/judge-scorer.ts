import { done, failed, unwrap, type Query, type Result, type Scoring } from '../../../nouns/index.js'
import { scoreOf } from '../points.js'
import type { Scorer } from '../scorer.js'
import type { Judge } from './judge.js'
import { sheetOf } from './sheet.js'

/**
 * Scores the weights of the requirements that the judge finds met. Of what a judge says nothing enters a conversation: feedback is the
 * failed requirements' own. A rubric with two requirements of one id is `rubric.duplicate`; a judge's failure is thrown as its `FailureError`.
 */
export function judgeScorer(query: Query, scoring: Extract<Scoring, { kind: 'judge' }>, judge: Judge): Result<Scorer> {
  const ids = scoring.rubric.map(({ id }) => id)
  const twice = ids.find((id, at) => ids.indexOf(id) < at)
  if (twice !== undefined) {
    return failed({
      kind: 'input',
      code: 'rubric.duplicate',
      message: `two requirements of the rubric have the id ${JSON.stringify(twice)}`,
      where: query.id,
      remedy: 'give each an id of its own',
    })
  }
  return done({
    async score(input) {
      const sheet = await sheetOf(input, scoring)
      const { requirements, judgements } = unwrap(await judge.judge(sheet, input))
      return { ...scoreOf(scoring.rubric, requirements, scoring.passAt), judgements: [...judgements] }
    },
  })
}
