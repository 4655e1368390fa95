import { beforeEach, describe, expect, it } from 'vitest'
import { unwrap } from '../../../nouns/index.js'
import { contentDigest } from '../store/index.js'
import { campaignForTests, counts, queries, queryOf, type CampaignForTests } from './testing/campaign.js'

let campaign: CampaignForTests
beforeEach(() => void (campaign = campaignForTests()))

describe('several agents and attempts', () => {
  it('have a result each, the first attempt of the first under the campaign’s plain id', async () => {
    expect(counts(await campaign.run({ agents: ['shell', 'other'], attempts: 2 }))).toEqual([12, 0, 0, 0])
    expect(unwrap(await campaign.store.list()).filter((id) => id.includes('make-a'))).toEqual([
      'pool-make-a',
      'pool-make-a-other-1',
      'pool-make-a-other-2',
      'pool-make-a-shell-2',
    ])
    expect(counts(await campaign.run({ agents: ['other'], attempts: 2 }))).toEqual([0, 6, 0, 0])
    expect(counts(await campaign.run({ agents: ['other', 'third', 'shell'], attempts: 1 }))).toEqual([3, 6, 0, 0])
    expect(counts(await campaign.run({ agents: ['shell'], attempts: 3 }))).toEqual([3, 6, 0, 0])
  })

  it('under one id are refused', async () => {
    const clashing = [...queries, { ...queryOf('a'), id: 'make-a-shell-2' }]
    expect(await campaign.plan({ queries: clashing, attempts: 2 })).toMatchObject({
      failure: { code: 'collect.same-id', where: 'pool-make-a-shell-2' },
    })
    await campaign.run({ attempts: 2 })
    expect(await campaign.plan({ queries: clashing.slice(3) })).toMatchObject({ failure: { code: 'collect.same-id' } })
    expect(await campaign.plan({ campaign: '../x' })).toMatchObject({ failure: { code: 'id.invalid' } })
  })

  it('with names of any length have ids of their own', async () => {
    const long = ['x', 'y'].map((end) => queryOf(`${'long'.repeat(26)}${end}`))
    const ids = unwrap(await campaign.plan({ queries: long, agents: ['shell', 'other'], attempts: 2 })).map(
      ({ id }) => id,
    )
    expect(new Set(ids).size).toBe(8)
    expect(Math.max(...ids.map(({ length }) => length))).toBe(120)
  })

  it('come out the same however many are at work at once', async () => {
    const digests = async () =>
      unwrap(await campaign.store.readAll()).trajectories.map((one) => [one.id, contentDigest(one)])
    await campaign.run({ agents: ['shell', 'other'], attempts: 2, concurrency: 1 })
    const one = await digests()
    campaign = campaignForTests()
    await campaign.run({ agents: ['shell', 'other'], attempts: 2, concurrency: 16 })
    expect(await digests()).toEqual(one)
    expect(one).toHaveLength(12)
  })
})
