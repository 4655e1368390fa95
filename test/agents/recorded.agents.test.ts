import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { unwrap } from '../../src/nouns/index.js'
import { scriptedModel } from '../../src/shared/models/index.js'
import { serveModel, type ServedModel } from '../../src/shared/wire/index.js'
import { trajectoryStore, type StoredTrajectory } from '../../src/stages/trajectories/index.js'
import { LIMI } from '../support/cli.js'
import { importBench } from '../support/import-bench.js'
import { placeForTests } from '../support/place.js'
import { variableOf } from './agent-under-test.js'
import { EQUALS_SCRIPT, type SessionKind } from './equals-script.js'
import { AGENTS } from './known-agents.js'
import { AGAIN, BREAK, LONG, scriptFor, WORK } from './script.js'

/** Where recordings are kept for `scripts/cut-recordings.mjs`. */
const KEPT = process.env['LIMI_KEEP_RECORDINGS']

/** A recording is its trajectory again, but for what an import adds. */
async function isMadeAgain(recording: string, made: StoredTrajectory): Promise<void> {
  const { read } = await (await importBench()).only(recording)
  expect({ ...read, source: null, extra: null }).toEqual({ ...made, source: null, extra: null })
}

describe.each(AGENTS)('$name itself', (agent) => {
  const program = process.env[variableOf(agent)]
  const why = program === undefined ? `${variableOf(agent)} is not set` : 'real'

  describe.skipIf(program === undefined)(why, () => {
    const place = placeForTests()
    const [project, work] = [path.join(place, 'p'), path.join(place, 'work')]
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
      kind: SessionKind,
      args: readonly string[],
      options: readonly string[] = [],
      started = program ?? '',
    ): Promise<{ data: Record<string, unknown>; trajectory: StoredTrajectory }> => {
      const { LIMI_TEST_UPSTREAM: upstream } = agent.env(served.baseUrl.replace(/\/v1$/, ''))
      const there = upstream === undefined || options.includes('--upstream') ? [] : ['--upstream', upstream]
      const plan = ['record', '--json', '--project', project, ...there, ...options, '--', started, ...args]
      const { stdout, stderr } = await limi(...plan)
      const data = JSON.parse(stdout) as Record<string, unknown>
      expect(data['error'], stderr).toBeUndefined()
      const id = String(data['trajectory'])
      if (KEPT !== undefined)
        await cp(path.join(project, 'recordings', id), path.join(KEPT, agent.name, kind), { recursive: true })
      const trajectory = unwrap(await trajectoryStore(path.join(project, 'trajectories')).read(id))
      EQUALS_SCRIPT[kind](agent, trajectory)
      await isMadeAgain(path.join(project, 'recordings', id), trajectory)
      return { data, trajectory }
    }

    beforeAll(async () => {
      await Promise.all([mkdir(project), mkdir(work)])
      await writeFile(path.join(work, 'a.txt'), 'hi\n')
      await agent.settle?.(place)
      served = unwrap(await serveModel(scriptedModel('scripted', scriptFor(agent))))
      await execa(process.execPath, [LIMI, 'init'], { cwd: project })
    })
    afterAll(() => served.close())

    it('says in its trajectory what the script said, message for message', async () => {
      const { data, trajectory } = await record('worked', agent.ask(WORK))
      const { threads, asides } = trajectory
      const calls = threads.flatMap(({ messages }) => messages.flatMap(({ toolCalls = [] }) => toolCalls))
      expect(data).toMatchObject({
        ...{ complete: true, outcome: 'unknown', exitCode: agent.exitCode ?? 0, threads: threads.length },
        ...{ toolCalls: calls.length, asides: asides.length },
      })
    }, 150_000)

    const { askAgain = () => [] } = agent
    it.skipIf(agent.askAgain === undefined)(
      agent.askAgain === undefined ? 'cannot go on with a session' : 'goes on with its session',
      async () => {
        await record('resumed', askAgain(AGAIN))
      },
      150_000,
    )

    it.skipIf(agent.mendsCuts)(
      agent.mendsCuts ? 'asks again where a stream breaks' : 'leaves what came where each stream breaks',
      async () => {
        await record('broken', agent.ask(BREAK))
      },
      150_000,
    )

    const { compact } = agent
    it.skipIf(compact === undefined)(
      compact === undefined ? 'cannot be told to sum itself up' : 'goes on after it summed itself up',
      async () => {
        if (compact === undefined) return
        await compact.settle?.(place)
        if ('tokens' in compact) {
          const script = path.join(place, 'script.jsonl')
          await writeFile(
            script,
            scriptFor(agent)
              .map((entry) => `${JSON.stringify(entry)}\n`)
              .join(''),
          )
          const options = compact.byService === true ? ['--upstream', `script:${script}`] : []
          await record('compacted', [...(compact.args ?? []), ...agent.ask(LONG)], options)
          return
        }
        const between = compact.prompt === undefined ? [] : [askAgain(compact.prompt)]
        const prompts = [agent.ask(WORK), ...between, askAgain(AGAIN)]
        const lines = prompts.map((args) => [program ?? '', ...args].map((word) => `'${word}'`).join(' '))
        await record('compacted', ['-c', lines.join('\n')], ['--agent', agent.name], 'bash')
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
