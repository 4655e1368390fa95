import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { AcpConfig, CommandConfig, unwrap, type Message, type TrajectoryEvent } from '../../nouns/index.js'
import type { AgentSession } from '../agents/index.js'
import { scriptedModel } from '../models/index.js'
import { bubblewrapSandboxes, type Sandbox } from '../sandboxes/index.js'
import { programAgent } from './index.js'

const probed = await bubblewrapSandboxes.probe()
const REPLIES = ['$ echo wrong > hello.txt', '$ echo hello > hello.txt', 'Done.'].map((text) => ({
  text,
  usage: { inputTokens: 10, outputTokens: 3 },
}))

/** A folder that everybody may read, with the stand-in and the protocol's library; the project lies beside it. */
let folder = ''
let root = ''
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'limi-acp-'))
  chmodSync(folder, 0o755)
  root = mkdtempSync(path.join(os.tmpdir(), 'limi-acp-project-'))
  chmodSync(root, 0o755)
  for (const name of ['@agentclientprotocol/sdk', 'zod'])
    cpSync(path.join('node_modules', name), path.join(folder, 'node_modules', name), { recursive: true })
  cpSync(path.join(import.meta.dirname, 'testing', 'acp-agent.mjs'), path.join(folder, 'agent.mjs'))
})

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
})

interface Opened {
  readonly session: AgentSession
  readonly sandbox: Sandbox
  readonly evidence: string
  readonly watched: Message[]
  readonly events: () => Promise<readonly TrajectoryEvent[]>
}

async function openWith(config: AcpConfig | CommandConfig, signal?: AbortSignal): Promise<Opened> {
  const agent = unwrap(programAgent(config, root))
  const sandbox = unwrap(await bubblewrapSandboxes.create({ files: {}, readable: agent.readable ?? [] }))
  const evidence = mkdtempSync(path.join(os.tmpdir(), 'limi-acp-evidence-'))
  const told: TrajectoryEvent[] = []
  const watched: Message[] = []
  const session = await agent.open({
    ...{ sandbox, evidence, model: scriptedModel('script:x', [{ replies: REPLIES }]) },
    sink: { append: (event) => Promise.resolve(void told.push(event)) },
    watch: (event) => event.type === 'message' && watched.push(event.message),
    ...(signal === undefined ? {} : { signal }),
  })
  let isClosed = false
  const close = async (): Promise<void> => {
    if (!isClosed) await session.close()
    isClosed = true
  }
  open.push({ close: () => sandbox.dispose() }, { close })
  const events = async () => {
    await close()
    return told
  }
  return { session, sandbox, evidence, watched, events }
}

const acp = (how: string, more: Partial<AcpConfig> = {}, signal?: AbortSignal): Promise<Opened> =>
  openWith(
    AcpConfig.parse({
      kind: 'acp',
      command: ['node', path.join(folder, 'agent.mjs'), how],
      readable: [folder],
      ...more,
    }),
    signal,
  )

const textIn = async (sandbox: Sandbox, name: string): Promise<string> =>
  String(await sandbox.read(name).then((bytes) => bytes && Buffer.from(bytes)))

describe.skipIf(!probed.ready)(
  probed.ready ? 'an agent of the protocol' : `an agent of the protocol: ${probed.missing.message}`,
  () => {
    test.each(['well', 'loads'])(
      'works over rounds in one session, and its trajectory is the wire (%s)',
      async (how) => {
        const { session, sandbox, evidence, watched, events } = await acp(how)
        const start = await sandbox.snapshot()
        expect(await session.send('Write hello.txt.', 1)).toEqual({
          ...{ answer: '$ echo wrong > hello.txt', stop: 'answered', cause: null },
          usage: { inputTokens: 10, outputTokens: 3 },
        })
        expect(watched).toMatchObject([
          { content: '$ echo wrong > hello.txt', round: 1, call: { usage: { inputTokens: 10 } } },
        ])
        expect(await textIn(sandbox, 'hello.txt')).toBe('wrong\n')
        expect(await sandbox.diff(start)).toEqual({ 'hello.txt': 'added' })
        expect(await session.send('It should say hello.', 2)).toMatchObject({
          stop: 'answered',
          usage: { inputTokens: 10 },
        })
        expect(await textIn(sandbox, 'hello.txt')).toBe('hello\n')
        const told = (await events()).flatMap((event) => (event.type === 'message' ? [event.message] : []))
        expect(told.map(({ origin, round, content }) => [origin, round, content])).toEqual([
          ['human', 1, 'Write hello.txt.'],
          ['model', 1, '$ echo wrong > hello.txt'],
          ['human', 2, 'It should say hello.'],
          ['model', 2, '$ echo hello > hello.txt'],
        ])
        expect(readFileSync(path.join(evidence, 'acp.jsonl'), 'utf8').trim().split('\n')).toHaveLength(2)
      },
    )

    test('is served files, terminals and permissions, within its workspace alone', async () => {
      const { session, sandbox } = await acp('all')
      expect(await session.send('Go.', 1)).toMatchObject({ stop: 'answered' })
      expect(JSON.parse(await textIn(sandbox, 'report.json'))).toEqual({
        lines: { content: 'two\nthree\n' },
        exits: [
          { exitCode: 0, signal: null },
          { exitCode: 3, signal: null },
        ],
        outputs: [
          { output: 'one\ntwo\nthree\nfour', truncated: false, exitStatus: { exitCode: 0, signal: null } },
          { output: 'b\n/workspace/deep\n', truncated: false, exitStatus: { exitCode: 3, signal: null } },
        ],
        allowed: { outcome: { outcome: 'selected', optionId: 'yes' } },
        refused: [
          expect.stringMatching(/^-32602 .*not a path inside the workspace/),
          expect.stringMatching(/^-32602 .*not a path inside the workspace/),
          expect.stringMatching(/^-32602 .*not a path inside the workspace/),
          expect.stringMatching(/^-32002 /),
          expect.stringMatching(/^-32002 /),
          expect.stringMatching(/^-32602 .*not a path inside the workspace/),
        ],
        long: { output: expect.stringMatching(/^\n?(ü\n)*ü$/), truncated: true },
        killed: { exitCode: null, signal: 'SIGKILL' },
      })
    })

    test('is held to a number of terminals, and all end with the session', async () => {
      const { session, sandbox, events } = await acp('flood')
      expect(await session.send('Go.', 1)).toMatchObject({ stop: 'answered' })
      expect(await textIn(sandbox, 'made.txt')).toBe('32')
      await events()
      expect(await sandbox.diff(await sandbox.snapshot())).toEqual({})
    })

    test('that writes what is no protocol goes on', async () => {
      const { session, sandbox } = await acp('garbage')
      expect(await session.send('Go.', 1)).toMatchObject({ stop: 'answered' })
      expect(await textIn(sandbox, 'hello.txt')).toBe('wrong\n')
    })

    test('says how its turn ended', async () => {
      expect(await (await acp('refuses')).session.send('Go.', 1)).toMatchObject({ stop: 'answered', cause: null })
      expect(await (await acp('long')).session.send('Go.', 1)).toMatchObject({ stop: 'turn-limit', cause: 'agent' })
      const mute = await (await acp('mute')).session.send('Go.', 1)
      expect(mute).toMatchObject({ stop: 'failed', cause: 'infrastructure', failure: { code: 'agent.no-call' } })
    })

    test.each([
      ['dies', 'agent', 'agent.broken-off', /out of luck/],
      ['line', 'agent', 'agent.broken-off', /./],
      ['other', 'infrastructure', 'agent.not-opened', /version 9/],
      ['login', 'infrastructure', 'agent.not-opened', /log in.*auth.*key/s],
    ])('that %s fails (cause %s, %s), with the reason', async (how, cause, code, why) => {
      const { session, events } = await acp(how)
      const turn = await session.send('Go.', 1)
      expect(turn).toMatchObject({ stop: 'failed', cause, failure: { code } })
      expect(turn.failure?.message).toMatch(why)
      expect((await events()).some(({ type }) => type === 'message')).toBe(cause === 'agent')
    })

    test('that cannot take a session up again fails in its second round alone', async () => {
      const { session } = await acp('all')
      expect(await session.send('Go.', 1)).toMatchObject({ stop: 'answered' })
      const second = await session.send('And now?', 2)
      expect(second).toMatchObject({ stop: 'failed', failure: { message: expect.stringMatching(/resume nor load/) } })
    })

    test('is served no faster than it can be, and answers to nobody are dropped', async () => {
      const { session, sandbox } = await acp('rush')
      expect(await session.send('Go.', 1)).toMatchObject({ stop: 'answered' })
      expect(await textIn(sandbox, 'rush.txt')).toBe('300')
    })

    test('logs in by the way that is named', async () => {
      const { session } = await acp('login', { auth: 'key' })
      expect(await session.send('Go.', 1)).toMatchObject({ stop: 'answered' })
    })

    test('is told to stop when its time is over, and ended where it does not', async () => {
      const heeds = await acp('waits', { maxSeconds: 1.5 })
      expect(await heeds.session.send('Go.', 1)).toMatchObject({ stop: 'time-limit', cause: 'timeout' })
      const deaf = await acp('silent', { maxSeconds: 1.5 })
      expect(await deaf.session.send('Go.', 1)).toMatchObject({ stop: 'time-limit', cause: 'timeout' })
      expect((await deaf.events()).some(({ type }) => type === 'message')).toBe(true)
    }, 40_000)

    test('ends when it is interrupted', async () => {
      const interruption = new AbortController()
      const { session } = await acp('silent', {}, interruption.signal)
      setTimeout(() => interruption.abort(), 1000)
      expect(await session.send('Go.', 1)).toMatchObject({ stop: 'aborted', cause: null })
    })

    test('of any other kind is a command: a run a round, its request on standard input', async () => {
      writeFileSync(
        path.join(root, 'any.sh'),
        `text=$(cat)
curl -s "$OPENAI_BASE_URL/chat/completions" -H 'content-type: application/json' \\
  -d "{\\"model\\":\\"$OPENAI_MODEL\\",\\"messages\\":[{\\"role\\":\\"user\\",\\"content\\":\\"$text\\"}]}" > said.json
echo "$LIMI_ROUND $1 $MINE $text" >> rounds.txt
`,
      )
      const config = {
        command: ['bash', './any.sh', 'first'],
        resume: ['bash', './any.sh', 'again'],
        env: { MINE: 'm' },
      }
      const { session, sandbox, events } = await openWith(CommandConfig.parse({ kind: 'command', ...config }))
      expect(await session.send('One', 1)).toMatchObject({ stop: 'answered', answer: '$ echo wrong > hello.txt' })
      expect(await session.send('Two', 2)).toMatchObject({ stop: 'answered' })
      expect(await textIn(sandbox, 'rounds.txt')).toBe('1 first m One\n2 again m Two\n')
      expect((await events()).filter(({ type }) => type === 'message')).toHaveLength(4)
    })
  },
)

test('no agent sees the project, nor a whole home', () => {
  const codeOf = (command: string[], readable: string[] = []): string => {
    const made = programAgent(AcpConfig.parse({ kind: 'acp', command, readable }), root)
    return made.ok ? 'ok' : made.failure.code
  }
  for (const name of ['queries', 'agents']) mkdirSync(path.join(root, name))
  writeFileSync(path.join(root, 'agents', 'mine.sh'), '#!/bin/sh\n', { mode: 0o755 })
  symlinkSync('../queries', path.join(root, 'agents', 'more'))
  const made = unwrap(programAgent(CommandConfig.parse({ kind: 'command', command: ['./agents/mine.sh'] }), root))
  expect(made.readable).toContain(path.join(root, 'agents', 'mine.sh'))
  expect(made.readable?.some((place) => root.startsWith(place))).toBe(false)
  expect(codeOf(['bash'], ['agents/mine.sh'])).toBe('ok')
  for (const place of ['.', '/', '..', os.homedir(), path.dirname(os.homedir()), 'queries', 'agents/more'])
    expect([place, codeOf(['bash'], [place])]).toEqual([place, 'agent.shows-too-much'])
  expect(codeOf(['bash', './'])).toBe('agent.shows-too-much')
  expect(codeOf(['bash', '/'])).toBe('agent.shows-too-much')
})

test('a program that is not there, and an agent that is not known, are said', () => {
  const codeOf = (config: unknown): string => {
    const made = programAgent(AcpConfig.parse(config), '/')
    return made.ok ? 'ok' : made.failure.code
  }
  expect(codeOf({ kind: 'acp', command: ['no-such-agent'] })).toBe('agent.program')
  expect(codeOf({ kind: 'acp', command: ['bash'], agent: 'gemni' })).toBe('agent.not-known')
  expect(() => AcpConfig.parse({ kind: 'acp', command: [] })).toThrow(/command/)
})
