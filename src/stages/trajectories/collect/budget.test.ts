import { beforeEach, describe, expect, it } from 'vitest'
import { unwrap } from '../../../nouns/index.js'
import { campaignForTests, counts, expertOf, queryOf, USAGE, type CampaignForTests } from './testing/campaign.js'

let campaign: CampaignForTests
beforeEach(() => void (campaign = campaignForTests()))

describe('a budget', () => {
  const many = 'abcdefghij'.split('').map(queryOf)
  /** Each rollout costs 200 tokens, or 0.2. */
  const price = { input: 1000, output: 1000 }

  it.each([
    [
      'cost',
      { maxCost: 0.65 },
      /^the budget of 0.65 is spent \(0.7000\): 3 of 10 rollouts have a result; 1 were ended, 6 not begun/,
    ],
    ['tokens', { maxTokens: 650 }, /^the budget of 650 tokens is spent \(700\): 3 of 10 rollouts/],
  ])('of %s ends what is at work, begins nothing more, and goes on with more of it', async (_, budget, message) => {
    const given = { queries: many, price, budget, model: expertOf(many, 1), concurrency: 1 }
    const stopped = await campaign.run(given)
    expect(stopped.stopped).toMatchObject({
      code: 'collect.budget',
      kind: 'underway',
      message: expect.stringMatching(message),
    })
    expect(counts(stopped)).toEqual([3, 0, 0, 7])
    expect(counts(await campaign.run(given))).toEqual([0, 3, 0, 7])
    const more = await campaign.run({ ...given, budget: { maxCost: 99, maxTokens: 9999 } })
    expect(counts(more)).toEqual([7, 3, 0, 0])
    expect(more.cost).toBeCloseTo(2.1, 6)
  })

  it('of time does so too', async () => {
    const began = performance.now()
    const given = { queries: many, model: expertOf(many, 300), concurrency: 2 }
    const stopped = await campaign.run({ ...given, budget: { maxMinutes: 0.4 / 60 } })
    expect(performance.now() - began).toBeLessThan(2_500)
    expect(counts(stopped)).toEqual([0, 0, 0, 10])
    expect(stopped.stopped).toMatchObject({
      code: 'collect.budget',
      message: expect.stringMatching(/minutes are over: 0 of 10/),
    })
  })

  it('that is spent by the last rollout is only told', async () => {
    const lines: string[] = []
    const collected = await campaign.run({
      price,
      budget: { maxCost: 0.6 },
      concurrency: 1,
      onLine: (line) => lines.push(line),
    })
    expect([counts(collected), collected.stopped]).toEqual([[3, 0, 0, 0], undefined])
    expect(lines).toEqual(['the budget of 0.6 is spent (0.6000); all rollouts are made'])
  })

  it('counts what a try took that was broken off', async () => {
    const stopped = await campaign.run({ queries: many, price, budget: { maxTokens: 100 }, concurrency: 1 })
    expect(counts(stopped)).toEqual([0, 0, 0, 10])
    const all = await campaign.run({ queries: many, price })
    expect(all.cost).toBeCloseTo(2.1, 6)
    expect(unwrap(await campaign.store.read('pool-make-a')).extra).toMatchObject({ discarded: USAGE, tokens: 300 })
  })
})
