import { readFile, truncate } from 'node:fs/promises'
import path from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { failed, FailureError, unwrap, type Query } from '../../../nouns/index.js'
import { digestOfValue } from '../../../shared/project/index.js'
import { workspacesIn, type Workspaces } from '../../../shared/rollouts/index.js'
import { virtualSandboxes } from '../../../shared/sandboxes/index.js'
import { scorerFor, type Scorer } from '../../../shared/scoring/index.js'
import type { CollectProgress } from './index.js'
import { campaignForTests, counts, queries, queryOf, type CampaignForTests } from './testing/campaign.js'

let campaign: CampaignForTests
beforeEach(() => void (campaign = campaignForTests()))

describe('collect', () => {
  it('makes a complete trajectory of every query, tagged and scored by its checks', async () => {
    const collected = await campaign.run()
    expect(counts(collected)).toEqual([3, 0, 0, 0])
    const one = unwrap(await campaign.store.read('pool-make-b'))
    expect(one).toMatchObject({
      complete: true,
      outcome: { status: 'success', by: 'checks' },
      tags: { family: 'create', campaign: 'pool' },
      query: { id: 'make-b', digest: digestOfValue(queries[1]) },
      source: { kind: 'built-in', model: 'script:expert' },
      extra: { agent: 'shell', attempt: 1, rounds: 1, turns: 2, calls: 1, tokens: 200 },
    })
    expect(collected.rollouts[1]).toMatchObject({
      id: 'pool-make-b',
      status: 'made',
      outcome: 'success',
      rounds: 1,
      usage: { inputTokens: 180, outputTokens: 20 },
    })
  })

  it('keeps evidence beside, and nothing of it in the trajectory', async () => {
    await campaign.run()
    const folder = path.join(campaign.root, 'recordings/pool-make-a')
    expect(await readFile(path.join(folder, 'workspace.patch'), 'utf8')).toBe(
      'diff --git a/a.txt b/a.txt\nnew file mode 100644\n',
    )
    const evidence = JSON.parse(await readFile(path.join(folder, 'rollout.json'), 'utf8')) as object
    expect(evidence).toMatchObject({
      format: 'limi.rollout/1',
      id: 'pool-make-a',
      rounds: [{ requirements: [{ id: 'there', passed: true }] }],
      diff: { 'a.txt': 'added' },
    })
    const recorded = await readFile(path.join(campaign.root, 'trajectories/pool-make-a.jsonl'), 'utf8')
    expect(recorded).not.toContain('there')
  })

  it('keeps what is finished and does what was cut once more', async () => {
    await campaign.run()
    const before = unwrap(await campaign.store.digest('pool-make-a'))
    await truncate(path.join(campaign.store.folder, 'pool-make-c.jsonl'), 700)
    const again = await campaign.run({ price: { input: 1, output: 1 } })
    expect(counts(again)).toEqual([1, 2, 0, 0])
    expect(unwrap(await campaign.store.digest('pool-make-a'))).toBe(before)
    expect(unwrap(await campaign.store.read('pool-make-c')).complete).toBe(true)
    expect(counts(await campaign.run())).toEqual([0, 3, 0, 0])
    expect(again.rollouts.map(({ status, usage }) => [status, usage])).toEqual(
      ['kept', 'kept', 'made'].map((status) => [status, { inputTokens: 180, outputTokens: 20 }]),
    )
  })

  it('never overwrites what is complete: who does not make room for it is told so', async () => {
    await campaign.run()
    const changed = [{ ...queryOf('a'), request: 'Create a.txt, please.' }]
    expect(unwrap(await campaign.plan({ queries: changed }))).toMatchObject([{ id: 'pool-make-a', state: 'stale' }])
    expect((await campaign.run({ queries: changed })).failed).toMatchObject([
      { query: 'make-a', failure: { code: 'trajectory.exists' } },
    ])
  })

  it('tries once more after a fault of the infrastructure, then reports it alone', async () => {
    let faults = 0
    const flaky = (times: number): Workspaces =>
      workspacesIn({
        ...virtualSandboxes,
        create: async (spec) => {
          faults += 1
          return faults <= times
            ? failed({ kind: 'underway', code: 'sandbox.down', message: 'down' })
            : virtualSandboxes.create(spec)
        },
      })
    expect(counts(await campaign.run({ workspaces: flaky(1), concurrency: 1 }))).toEqual([3, 0, 0, 0])
    faults = 0
    const collected = await campaign.run({ workspaces: flaky(2), concurrency: 1, campaign: 'again' })
    expect(collected).toMatchObject({ made: 2, failed: [{ id: 'again-make-a', failure: { code: 'sandbox.down' } }] })
    expect(unwrap(await campaign.store.read('again-make-a')).complete).toBe(false)
    faults = -1000
    const many = 'defghijklm'.split('').map(queryOf)
    const down = await campaign.run({ workspaces: flaky(Infinity), concurrency: 1, campaign: 'down', queries: many })
    expect(counts(down)).toEqual([0, 0, 3, 7])
    expect(down.stopped).toMatchObject({
      code: 'sandbox.down',
      message: expect.stringMatching(/0 of 10 rollouts have a result/),
    })
  })

  it('asks a judge again that fails, and not the agent', async () => {
    let asked = 0
    const flaky = (query: Query) => {
      const scorer = unwrap(scorerFor(query))
      const score: Scorer['score'] = async (input) => {
        asked += 1
        if (asked === 1) throw new FailureError({ kind: 'underway', code: 'judge.down', message: 'down' })
        return scorer.score(input)
      }
      return { ok: true as const, value: { score } }
    }
    const lines: string[] = []
    expect(
      counts(await campaign.run({ scorerFor: flaky, concurrency: 1, onLine: (line) => lines.push(line) })),
    ).toEqual([3, 0, 0, 0])
    expect([asked, lines]).toEqual([4, ['pool-make-a: down (judge.down): tried again in 0 s']])
  })

  it('stops at an interruption and goes on from there', async () => {
    const controller = new AbortController()
    const onProgress = ({ kind }: CollectProgress): void => {
      if (kind === 'ended') controller.abort()
    }
    const stopped = await campaign.run({ concurrency: 1, signal: controller.signal, onProgress })
    expect([counts(stopped), stopped.stopped]).toEqual([[1, 0, 0, 2], undefined])
    expect(counts(await campaign.run())).toEqual([2, 1, 0, 0])
  })
})
