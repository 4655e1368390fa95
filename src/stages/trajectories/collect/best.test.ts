import fc from 'fast-check'
import { expect, it } from 'vitest'
import { unwrap } from '../../../nouns/index.js'
import { digestOfValue } from '../../../shared/project/index.js'
import { chooseBest, heldRollouts, marksFor, type HeldRollout } from './index.js'
import { campaignForTests, queries, queryOf } from './testing/campaign.js'

const query = queryOf('a')
const held = (id: string, more: Partial<HeldRollout> & { score?: number; tokens?: number } = {}): HeldRollout => {
  const { score = 1, tokens = 10, ...rest } = more
  return {
    id,
    query: query.id,
    queryDigest: digestOfValue(query),
    campaign: 'pool',
    complete: true,
    agent: 'shell',
    attempt: 1,
    work: '',
    model: 'm',
    outcome: { status: score === 1 ? 'success' : 'failure', score: score * 4, max: 4, by: 'checks' },
    rounds: 2,
    usage: { inputTokens: tokens, outputTokens: 0 },
    taken: { inputTokens: 1000 - tokens, outputTokens: 0 },
    facts: { work: '', attempt: 1 },
    ...rest,
  }
}

/** The best first, each better than the next by one thing alone. */
const RANKED = [
  held('z', { rounds: 1, tokens: 90, attempt: 9 }),
  held('y', { tokens: 5, attempt: 9 }),
  held('x', { attempt: 2 }),
  held('a', { attempt: 3 }),
  held('b', { attempt: 3 }),
  held('c', { score: 0.75, rounds: 1, tokens: 1 }),
  held('d', { score: 0.5, rounds: 1, tokens: 1 }),
]

it('the best is the first by success, score, rounds, tokens, attempt and id, in whatever order they lie', () => {
  const some = fc.shuffledSubarray(RANKED, { minLength: 1 })
  fc.assert(
    fc.property(some, (rollouts) => {
      const all = new Map(rollouts.map((one) => [one.id, one]))
      const first = RANKED.find((one) => rollouts.includes(one))
      expect(chooseBest('pool', [query], all).get(query.id)?.id).toBe(first?.id)
    }),
  )
})

it('nothing unfinished, of another campaign or of a query that has changed is compared', () => {
  const others = [
    held('u', { complete: false }),
    held('o', { campaign: 'other' }),
    held('q', { queryDigest: 'before' }),
    held('n', { query: undefined }),
  ]
  expect(chooseBest('pool', [query], new Map(others.map((one) => [one.id, one])))).toEqual(new Map())
})

it('another best takes the mark, and nothing else of the trajectories changes', async () => {
  const campaign = campaignForTests()
  await campaign.run({ attempts: 2 })
  const mark = async (worse?: string): Promise<string[]> => {
    const { trajectories } = unwrap(await campaign.store.readAll())
    const all = heldRollouts(trajectories.filter(({ id }) => id !== worse))
    const changes = marksFor('pool', chooseBest('pool', queries, all), heldRollouts(trajectories))
    for (const [id, best] of changes) unwrap(await campaign.store.amend(id, { extra: { best } }))
    const after = unwrap(await campaign.store.readAll()).trajectories
    expect(after.every(({ complete }) => complete)).toBe(true)
    return after.filter(({ extra }) => extra?.['best'] === true).map(({ id }) => id)
  }
  const first = ['pool-make-a', 'pool-make-b', 'pool-make-c']
  expect(await mark()).toEqual(first)
  const before = unwrap(await campaign.store.digest('pool-make-b'))
  expect(await mark()).toEqual(first)
  expect(await mark('pool-make-a')).toEqual(['pool-make-a-shell-2', 'pool-make-b', 'pool-make-c'])
  expect(unwrap(await campaign.store.digest('pool-make-b'))).toBe(before)
})
