import { mkdir, readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { stringify } from 'yaml'
import { describe, expect, it } from 'vitest'
import { unwrap } from '../../src/nouns/index.js'
import { HEADLESS } from '../../src/shared/agents/index.js'
import { bubblewrapSandboxes } from '../../src/shared/sandboxes/index.js'
import { trajectoryStore } from '../../src/stages/trajectories/index.js'
import { limiForTests } from '../support/cli.js'
import { writeConfig, writeScript } from '../support/project.js'
import { variableOf } from './agent-under-test.js'
import { spoken } from './equals-script.js'
import { AGENTS } from './known-agents.js'

const ASKED = 'Write hello.txt now.'
const FEEDBACK = 'It should say hello, please.'
const probed = await bubblewrapSandboxes.probe()

/** Words that have an agent speak the Agent Client Protocol. Gemini CLI cannot load the session that it made (0.61.0): one round. */
const ACP_WORDS: Readonly<Record<string, string>> = { gemini: '--acp', qwen: '--acp', opencode: 'acp' }

const WAYS = AGENTS.flatMap((agent) => {
  const { name } = agent
  const acp = ACP_WORDS[name]
  return [
    ...(Object.hasOwn(HEADLESS, name)
      ? [{ name, agent, configOf: (program?: string): object => ({ kind: name, program }) }]
      : []),
    ...(acp === undefined
      ? []
      : [
          {
            name: `${name} by ACP`,
            agent,
            configOf: (program = ''): object => ({ kind: 'acp', command: [program, acp] }),
          },
        ]),
  ]
})

/** The real agents at work in a sandbox, unattended: two rounds of one session. */
describe.each(WAYS)('$name in a sandbox', ({ name, agent, configOf }) => {
  const program = process.env[variableOf(agent)]
  const why = program === undefined ? `${variableOf(agent)} is not set` : probed.ready ? 'real' : probed.missing.message

  it.skipIf(program === undefined || !probed.ready)(
    why,
    async () => {
      const limi = limiForTests({ PATH: process.env['PATH'] ?? '' })
      const root = path.join(limi.place, 'p')
      await writeConfig(root, {
        agents: { coder: { ...configOf(program), model: 'expert' } },
        sandbox: 'bubblewrap',
      })
      const { shell, asides } = agent
      const isOneRound = name === 'gemini by ACP'
      const [wrong, most] = isOneRound ? ['hello', 1] : ['wrong', 2]
      const rounds = [
        [{ text: 'I write it.', toolCalls: [shell(`echo ${wrong} > hello.txt`)] }, { text: 'Done.' }],
        [{ text: 'I see.', toolCalls: [shell('echo hello > hello.txt')] }, { text: 'Now it does.' }],
      ] as const
      await writeScript(path.join(root, 'scripts/expert.jsonl'), [
        ...asides,
        { match: { user: ASKED }, replies: rounds[0] },
        { match: { user: FEEDBACK }, replies: rounds[1] },
        { replies: Array.from({ length: 9 }, () => ({ text: 'A short answer' })) },
      ] as never)
      await mkdir(path.join(root, 'queries'))
      const check = { kind: 'file', id: 'there', path: 'hello.txt', contains: 'hello', feedback: FEEDBACK }
      const query = {
        ...{ format: 'limi.query/1', id: 'hello', request: ASKED, start: { files: {} }, source: { kind: 'person' } },
        scoring: { kind: 'checks', checks: [check] },
      }
      await writeFile(path.join(root, 'queries', 'hello.yaml'), stringify(query))
      const { data, stderr } = await limi.json(root, 'collect', '--agent', 'coder', '--rounds', '3')
      expect(data, stderr).toMatchObject({ made: 1, rollouts: [{ outcome: 'success', rounds: most }] })
      const folder = path.join(root, 'trajectories')
      const [file = ''] = await readdir(folder)
      const { threads, source, complete } = unwrap(await trajectoryStore(folder).read(path.parse(file).name))
      expect(source).toMatchObject({ kind: 'recorded', agent: agent.name })
      expect(complete).toBe(true)
      const expected = rounds
        .slice(0, most)
        .flat()
        .map((reply) => [
          ...[reply.text, undefined],
          ('toolCalls' in reply ? reply.toolCalls : []).map((call) => [call.name, call.arguments]),
        ])
      expect(spoken(threads[0] ?? { messages: [] })).toEqual(expected)
      const human = threads[0]?.messages.filter(({ origin }) => origin === 'human').map(({ content }) => content)
      expect(human).toHaveLength(most)
      expect(JSON.stringify(human)).toContain(isOneRound ? ASKED : FEEDBACK)
    },
    150_000,
  )
})
