import { expect, it } from 'vitest'
import { unwrap, type Verdict } from '../../../nouns/index.js'
import { planText } from './plan-words.js'
import { planComparison } from './plan.js'
import { wordsOf } from './words.js'

const ASKED = { effect: 0.1, power: 0.8, alpha: 0.05, baseline: 0.4 }
const REF = { id: 'ref', tasks: 20, baseline: 0.4 }

it('further trials of tasks that always end alike save no task', () => {
  // Six tasks must move, and none moves back: the fewest n with P(X ≥ 6) ≥ 0.8 for X ~ Binomial(n, 0.1) is 78 (scipy.stats.binom.sf(5, 78, 0.1) = 0.804).
  const { needed } = unwrap(planComparison({ ...ASKED, discordant: 0 }))
  expect(needed.map(({ trials, tasks }) => [trials, tasks])).toEqual([
    [1, 78],
    [2, 78],
    [3, 78],
    [5, 78],
  ])
})

it('what was measured is called measured, what was given is taken, the rest is assumed', () => {
  const words = (more: object): string => planText(unwrap(planComparison({ ...ASKED, ...more })))
  expect(words({ from: { ...REF, discordant: 0 } })).toContain('measured: two trials')
  expect(words({ from: { ...REF, discordant: 0.1 }, discordant: 0.2 })).toContain('taken: two trials')
  expect(words({ discordant: 0.2 })).toContain('taken: two trials')
  expect(words({ from: REF })).toContain('assumed: two trials')
})

it('what more it takes is said for few tasks too, in the number of the document', () => {
  const few = {
    verdict: 'not-shown',
    difference: 1 / 3,
    low: 0,
    high: 1,
    p: 1,
    detectable: 1,
    n: 3,
    onlyA: 0,
    onlyB: 1,
  } as const
  const verdict: Verdict = {
    ...{ format: 'limi.verdict/1', a: 'a', b: 'b', primary: 'SR', verdict: 'not-shown', suites: { s: few } },
    metrics: { SR: { ...few, pAdjusted: 1, more: { tasks: 8 } } },
  }
  expect(wordsOf(verdict)[0]).toMatch(/not shown: at least 8 more tasks would show/u)
})
