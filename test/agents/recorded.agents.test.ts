import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { unwrap, type Message, type ScriptEntry, type ScriptReply, type Thread } from '../../src/nouns/index.js'
import { scriptedModel } from '../../src/shared/models/index.js'
import { serveModel, type ServedModel } from '../../src/shared/wire/index.js'
import { trajectoryStore, type StoredTrajectory } from '../../src/stages/trajectories/index.js'
import { LIMI } from '../support/cli.js'
import { placeForTests } from '../support/place.js'
import type { AgentUnderTest } from './agent-under-test.js'
import { AGENTS } from './known-agents.js'

const WORK = 'List the files please.'
const COUNT = 'Count the files now.'
const AGAIN = 'And once again, please.'
const SUMMARY = '<analysis>Short.</analysis><summary>There is a file named a.txt.</summary>'

/** A tool call, parallel calls, a sub-agent where there is one, an error of HTTP, a cut stream where the agent takes it, and a session resumed. */
function scriptFor({ shell, subagent, compact, mendsCuts, asides }: AgentUnderTest): readonly ScriptEntry[] {
  const cut = mendsCuts ? [{ kind: 'cut' as const, after: 4 }] : []
  return [
    ...asides,
    ...(compact === undefined ? [] : [{ match: { user: compact.asks }, replies: [{ text: SUMMARY }] }]),
    {
      match: { user: WORK },
      replies: [
        { text: 'I will look first.', reasoning: 'Look, then say.', toolCalls: [shell('ls')] },
        { text: 'Both at once.', toolCalls: [shell('cat a.txt'), shell('cat absent.txt')] },
        ...(subagent === undefined ? [] : [{ text: '', toolCalls: [subagent(COUNT)] }]),
        { text: 'There is one file.', faults: [{ kind: 'status', status: 503 }, ...cut] },
      ],
    },
    { match: { user: COUNT }, replies: [{ text: '', toolCalls: [shell('ls | wc -l')] }, { text: 'One.' }] },
    { match: { user: AGAIN }, replies: [{ text: 'Again.' }] },
    { replies: Array.from({ length: 9 }, () => ({ text: 'A short answer' })) },
  ].map((entry) => ({ ...entry, replies: entry.replies.map((reply) => reply as ScriptReply) }))
}

const spoken = ({ messages }: Pick<Thread, 'messages'>): unknown[] =>
  messages
    .filter(({ origin }) => origin === 'model')
    .map(({ content, reasoning, toolCalls = [] }: Message) => [
      ...[content, reasoning?.text],
      toolCalls.map(({ name, arguments: text }) => [name, text]),
    ])

const scripted = (entries: readonly ScriptEntry[], user: string): unknown[] =>
  (entries.find(({ match }) => match?.user === user)?.replies ?? []).map(({ text, reasoning, toolCalls = [] }) => [
    ...[text, reasoning],
    toolCalls.map(({ name, arguments: exact }) => [name, exact]),
  ])

describe.each(AGENTS)('$name itself', (agent) => {
  const program = process.env[`LIMI_TEST_${agent.name.toUpperCase()}`]
  const why = program === undefined ? `LIMI_TEST_${agent.name.toUpperCase()} is not set` : 'real'

  describe.skipIf(program === undefined)(why, () => {
    const place = placeForTests()
    const [project, work] = [path.join(place, 'p'), path.join(place, 'work')]
    const script = scriptFor(agent)
    let served: ServedModel

    const limi = (...args: readonly string[]) =>
      execa(process.execPath, [LIMI, ...args], {
        ...{ cwd: work, reject: false, extendEnv: false, stdin: 'ignore', timeout: 120_000 },
        env: {
          PATH: process.env['PATH'],
          HOME: place,
          LANG: 'C.UTF-8',
          ...agent.env(served.baseUrl.replace(/\/v1$/, '')),
        },
      })
    const record = async (
      args: readonly string[],
      options: readonly string[] = [],
      started = program ?? '',
    ): Promise<{ data: Record<string, unknown>; trajectory: StoredTrajectory }> => {
      const { LIMI_TEST_UPSTREAM: upstream } = agent.env(served.baseUrl.replace(/\/v1$/, ''))
      const there = upstream === undefined ? [] : ['--upstream', upstream]
      const plan = ['record', '--json', '--project', project, ...there, ...options, '--', started, ...args]
      const { stdout, stderr } = await limi(...plan)
      const data = JSON.parse(stdout) as Record<string, unknown>
      expect(data['error'], stderr).toBeUndefined()
      const store = trajectoryStore(path.join(project, 'trajectories'))
      return { data, trajectory: unwrap(await store.read(String(data['trajectory']))) }
    }

    beforeAll(async () => {
      await Promise.all([mkdir(project), mkdir(work)])
      await writeFile(path.join(work, 'a.txt'), 'hi\n')
      await agent.settle?.(place)
      served = unwrap(await serveModel(scriptedModel('scripted', script)))
      await execa(process.execPath, [LIMI, 'init'], { cwd: project })
    })
    afterAll(() => served.close())

    it('says in its trajectory what the script said, message for message', async () => {
      const { data, trajectory } = await record(agent.ask(WORK))
      const [main, ...others] = trajectory.threads
      expect(spoken(main!)).toEqual(scripted(script, WORK))
      expect(others.map(spoken)).toEqual(agent.subagent === undefined ? [] : [scripted(script, COUNT)])
      for (const { parent } of others)
        expect(parent).toMatchObject({ thread: main!.id, relation: 'subagent', toolCall: expect.any(String) })
      const human = main!.messages.filter(({ origin }) => origin === 'human')
      expect(JSON.stringify(human.map(({ content }) => content))).toContain(WORK)
      expect(human).toHaveLength(1)
      const calls = trajectory.threads.flatMap(({ messages }) => messages.flatMap(({ toolCalls = [] }) => toolCalls))
      const results = trajectory.threads.flatMap(({ messages }) =>
        messages.flatMap(({ toolCallId }) => toolCallId ?? []),
      )
      expect(results.length).toBe(calls.length)
      expect(trajectory.asides.map(({ why: reason }) => reason)).toEqual(
        expect.arrayContaining(['a failed attempt: HTTP 503']),
      )
      expect(data).toMatchObject({
        ...{ complete: true, outcome: 'unknown', exitCode: agent.exitCode ?? 0, threads: trajectory.threads.length },
        ...{ toolCalls: calls.length, asides: trajectory.asides.length },
      })
    }, 150_000)

    it('goes on with its session', async () => {
      const { trajectory } = await record(agent.askAgain(AGAIN))
      expect(spoken(trajectory.threads[0]!)).toEqual(scripted(script, AGAIN))
      const rebuilt = trajectory.threads[0]!.messages.filter(
        ({ origin, role }) => role === 'assistant' && origin === 'rebuilt',
      )
      expect(JSON.stringify(rebuilt.map(({ content }) => content))).toContain('I will look first.')
    }, 150_000)

    it.skipIf(agent.compact === undefined)(
      'goes on after it summed itself up',
      async () => {
        const prompts = [agent.ask(WORK), agent.askAgain(agent.compact?.prompt ?? ''), agent.askAgain(AGAIN)]
        const lines = prompts.map((args) => [program ?? '', ...args].map((word) => `'${word}'`).join(' '))
        const { data, trajectory } = await record(['-c', lines.join('\n')], ['--agent', agent.name], 'bash')
        const line = trajectory.threads.filter(({ parent }) => parent?.relation !== 'subagent')
        expect(line.map(({ parent }) => parent?.relation)).toEqual([undefined, 'compaction'])
        expect(line.flatMap(spoken)).toEqual([...scripted(script, WORK), ...scripted(script, AGAIN)])
        const [, after] = line
        const shown = after?.messages
          .filter(({ origin }) => origin === 'rebuilt')
          .map(({ content }) => JSON.stringify(content))
        expect(shown?.join('\n')).toContain('There is a file named a.txt.')
        expect(trajectory.asides.map(({ why: reason }) => reason)).toContain('compact: the conversation is summed up')
        expect(data).toMatchObject({ complete: true })
      },
      150_000,
    )

    it('leaves no key in any file', async () => {
      for (const folder of ['recordings', 'trajectories']) {
        const entries = await readdir(path.join(project, folder), { recursive: true, withFileTypes: true })
        for (const entry of entries.filter((one) => one.isFile()))
          expect(await readFile(path.join(entry.parentPath, entry.name), 'utf8')).not.toContain('very-secret')
      }
    })
  })
})
