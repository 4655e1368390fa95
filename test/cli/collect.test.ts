import { existsSync, readdirSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import type { Query, Trajectory } from '../../src/nouns/index.js'
import type { Collected } from '../../src/stages/trajectories/index.js'
import { expectRefusal, limiForTests } from '../support/cli.js'
import { AGENT, taught, writeConfig, writeProject, writeScript } from '../support/project.js'

const limi = limiForTests()
const root = path.join(limi.place, 'ours')
const models = { expert: { ref: 'script:scripts/expert.jsonl', price: { input: 1000, output: 1000 } } }
let queries: readonly Query[]
beforeEach(async () => {
  await rm(root, { recursive: true, force: true })
  queries = await writeProject(root, { count: 8 })
  await writeConfig(root, { models, agents: { shell: AGENT, other: { ...AGENT, maxTurns: 5 } } })
  const usage = { inputTokens: 90, outputTokens: 10 }
  const counted = (taught(8).scripts['expert'] ?? []).map(({ request, replies }) => ({
    request,
    replies: replies.map((reply) => ({ ...reply, usage })),
  }))
  await writeScript(path.join(root, 'scripts/expert.jsonl'), counted)
})

const collect = (...more: string[]) =>
  limi.json<Collected & { best?: Record<string, string> }>(root, 'collect', ...more)

it('a budget that is spent ends with 4, says what is left, and a larger one goes on', async () => {
  const stopped = await collect('--agent', 'shell', '--max-cost', '0.5', '--concurrency', '1')
  expect([stopped.code, stopped.data.error?.code]).toEqual([4, 'collect.budget'])
  expect(stopped.data.error?.message).toMatch(
    /^the budget of 0.5 is spent \(0\.[5-9]\d*\): \d of 8 rollouts have a result/,
  )
  expect(stopped.data.rollouts.map(({ status }) => status)).toContain('not-begun')
  const more = await collect('--agent', 'shell', '--max-cost', '99', '--max-tokens', '99999', '--max-minutes', '9')
  expect([more.code, more.data.made + more.data.kept]).toEqual([0, 8])
  expect(more.data.cost).toBeGreaterThan(1)
  expect(more.data.kept).toBe(stopped.data.made)
})

it('agents and attempts have a trajectory each with evidence, and the best of a query is marked and drawn from', async () => {
  const [first, second] = queries.map(({ id }) => id) as [string, string]
  const chosen = ['--queries', first, second, '--best']
  const made = await collect('--agent', 'shell', '--agent', 'other', '--attempts', '2', ...chosen)
  expect([made.code, made.data.made]).toEqual([0, 8])
  expect(made.data.best).toEqual({ [first]: `pool-${first}`, [second]: `pool-${second}` })
  expect(readdirSync(path.join(root, 'recordings')).sort()).toEqual(made.data.rollouts.map(({ id }) => id).sort())
  const listed = await limi.run(root, 'trajectories', 'list')
  expect(listed.stdout.split('\n').filter((line) => / best$/.test(line))).toHaveLength(2)
  await limi.run(root, 'curate', '--name', 'b', '--method', 'good', '--best')
  const selection = await limi.json<{ chosen: { trajectory: string }[] }>(
    root,
    'curate',
    '--name',
    'b',
    '--method',
    'good',
    '--best',
  )
  expect(selection.data.chosen.map(({ trajectory }) => trajectory).sort()).toEqual(
    [`pool-${first}`, `pool-${second}`].sort(),
  )
  const again = await collect('--agent', 'other', '--attempts', '2', ...chosen)
  expect([again.data.made, again.data.kept]).toEqual([0, 4])
})

it('what is made otherwise is set aside with its evidence', async () => {
  const id = `pool-${queries[0]!.id}`
  const one = ['--agent', 'shell', '--queries', queries[0]!.id]
  await collect(...one)
  const again = await collect(...one, '--rounds', '2')
  expect([again.data.made, again.stderr]).toEqual([
    1,
    expect.stringContaining('the old ones are in trajectories/replaced'),
  ])
  const inside = (folder: string): string[] => readdirSync(path.join(root, folder, 'replaced'))
  expect(inside('trajectories')).toEqual([expect.stringMatching(new RegExp(`^${id}-[0-9a-f]{8}\\.jsonl$`))])
  expect(inside('recordings')).toEqual([inside('trajectories')[0]!.replace('.jsonl', '')])
})

it('a simulated user speaks between rounds, and what it may not say is not sent', async () => {
  const { id, request, scoring } = queries.find(
    (query) => query.scoring.kind === 'checks' && query.scoring.checks[0]?.kind === 'file',
  )!
  const [reply] = (taught(8).scripts['expert'] ?? []).filter((entry) => entry.request === request)
  await writeScript(path.join(root, 'slow.jsonl'), [{ request, replies: [{ text: 'Done.' }, ...reply!.replies] }])
  const hidden = scoring.kind === 'checks' ? (scoring.checks[0] as { matches?: string; equals?: string }) : {}
  const secret = hidden.equals ?? hidden.matches ?? 'zzz'
  await writeScript(path.join(root, 'user.jsonl'), [
    { replies: [{ text: `x ${secret.repeat(400)}` }, { text: 'I see nothing yet.' }] },
  ])
  const named = ['--agent', 'shell', '--model', 'script:slow.jsonl', '--queries', id, '--feedback', 'simulated']
  const made = await collect(...named, '--user', 'script:user.jsonl')
  expect(made.data.rollouts).toMatchObject([{ status: 'made', outcome: 'success', rounds: 2 }])
  const shown = await limi.json<Trajectory>(root, 'trajectories', 'show', `pool-${id}`)
  const said = shown.data.threads[0]!.messages.filter(({ origin }) => origin === 'simulated')
  expect(said.map(({ content }) => content)).toEqual(['I see nothing yet.'])
})

it('wrong input is refused before anything is made', async () => {
  const refused = async (code: string, what: RegExp, ...more: string[]) =>
    expectRefusal(await limi.run(root, 'collect', '--agent', 'shell', ...more), { code, what, todo: /./ })
  await refused('collect.no-query', /did you mean/, '--queries', `${queries[0]!.id}x`)
  await refused('collect.no-user', /no model is named/, '--feedback', 'simulated')
  await refused('collect.no-user', /nobody asks/, '--user', 'expert')
  await writeFile(path.join(root, 'short.jsonl'), '{"replies":[{"text":"x"}]}\n')
  await refused('collect.no-price', /script:short.jsonl has none/, '--model', 'script:short.jsonl', '--max-cost', '1')
  const wrong = await limi.run(root, 'collect', '--agent', 'shell', '--max-tokens', '0')
  expect(wrong.code).toBe(2)
  expect(existsSync(path.join(root, 'trajectories'))).toBe(false)
})
