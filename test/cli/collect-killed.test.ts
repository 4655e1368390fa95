import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { beforeAll, expect, it } from 'vitest'
import type { ScriptEntry } from '../../src/nouns/index.js'
import type { Collected } from '../../src/stages/trajectories/index.js'
import { contentDigest, trajectoryStore } from '../../src/stages/trajectories/store/index.js'
import { limiForTests } from '../support/cli.js'
import { stateOf } from '../support/files.js'
import { AGENT, taught, writeProject, writeScript } from '../support/project.js'

const limi = limiForTests()
const QUERIES = 100
const ROLLOUTS = QUERIES * 2 * 2
const KILLS = 10

const collect = ['collect', '--agent', 'shell', '--agent', 'other', '--attempts', '2', '--rounds', '2', '--best']

/** A third succeeds at once, a third after feedback, the rest never. */
const mixed = (entries: readonly ScriptEntry[]): ScriptEntry[] =>
  entries.map(({ request, replies }, at) => {
    const idle = { text: 'Done.', usage: { inputTokens: 5, outputTokens: 1 } }
    const said = [replies, [idle, ...replies], []][at % 3] ?? []
    return { request, replies: [...said, idle, idle].map((reply) => ({ ...reply, delayMs: 2 })) }
  })

const [undisturbed, killed] = ['undisturbed', 'killed'].map((name) => path.join(limi.place, name)) as [string, string]
beforeAll(async () => {
  for (const root of [undisturbed, killed]) {
    await writeProject(root, { count: QUERIES })
    await writeScript(path.join(root, 'scripts/expert.jsonl'), mixed(taught(QUERIES).scripts['expert'] ?? []))
    const config = path.join(root, 'limi.yaml')
    const agents = JSON.stringify({ shell: AGENT, other: { ...AGENT, maxTurns: 5 } })
    const text = readFileSync(config, 'utf8').replace(/^agents:\n(?: .*\n)*/mu, `agents: ${agents}\n`)
    writeFileSync(config, text)
  }
})

const folderOf = (root: string): string => path.join(root, 'trajectories')
/** Every finished trajectory with its bytes and its time. */
function finishedIn(root: string): Record<string, string> {
  if (!existsSync(folderOf(root))) return {}
  const isWhole = (name: string): boolean =>
    /\n\{"type":"end"/u.test(readFileSync(path.join(folderOf(root), name), 'utf8'))
  return Object.fromEntries(Object.entries(stateOf(folderOf(root))).filter(([name]) => isWhole(name)))
}
const countOf = (root: string): number => (existsSync(folderOf(root)) ? readdirSync(folderOf(root)).length : 0)

/** All that a campaign leaves but when it was, how long it took and what was lost on the way. */
async function leftIn(root: string): Promise<unknown> {
  const read = await trajectoryStore(folderOf(root)).readAll()
  if (!read.ok) throw new Error(read.failure.message)
  expect(read.value.unreadable).toEqual([])
  return read.value.trajectories.map((trajectory) => {
    const { seconds, discarded, tokens, ...extra } = trajectory.extra ?? {}
    expect([seconds, discarded, tokens]).toBeDefined()
    const evidence = path.join(root, 'recordings', trajectory.id)
    expect(existsSync(path.join(evidence, 'rollout.json'))).toBe(true)
    const patch = readFileSync(path.join(evidence, 'workspace.patch'), 'utf8')
    return { digest: contentDigest(trajectory), complete: trajectory.complete, extra, patch }
  })
}

const withoutTimes = ({ rollouts }: Collected) =>
  rollouts.map(({ id, query, agent, attempt, outcome, score, rounds, usage }) => ({
    ...{ id, query, agent, attempt, outcome, score, rounds, usage },
  }))

it('100 queries × 2 agents × 2 attempts, killed at ten random moments and resumed, end as an undisturbed campaign', async () => {
  const whole = await limi.json<Collected>(undisturbed, ...collect)
  expect([whole.code, whole.data.made, whole.data.rollouts.length]).toEqual([0, ROLLOUTS, ROLLOUTS])
  const successes = whole.data.rollouts.filter(({ outcome }) => outcome === 'success').length
  expect(successes).toBeGreaterThan(ROLLOUTS / 4)
  expect(successes).toBeLessThan(ROLLOUTS)

  for (let kill = 0; kill < KILLS; kill += 1) {
    const before = finishedIn(killed)
    const moment = Math.min(ROLLOUTS - 20, countOf(killed) + Math.floor(Math.random() * 55))
    const child = limi.start(killed, ...collect, '--concurrency', String(1 + Math.floor(Math.random() * 16)))
    while (countOf(killed) < moment || countOf(killed) === 0) await wait(1)
    await wait(Math.random() * 20)
    child.kill('SIGKILL')
    expect((await child).signal).toBe('SIGKILL')
    // What was finished is never made again.
    expect(finishedIn(killed)).toMatchObject(before)
  }
  const resumed = await limi.json<Collected>(killed, ...collect)
  expect([resumed.code, resumed.data.made + resumed.data.kept]).toEqual([0, ROLLOUTS])
  expect(resumed.data.kept).toBeGreaterThan(0)
  expect(withoutTimes(resumed.data)).toEqual(withoutTimes(whole.data))
  expect(await leftIn(killed)).toEqual(await leftIn(undisturbed))
}, 240_000)
