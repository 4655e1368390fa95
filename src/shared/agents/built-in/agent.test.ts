import { describe, expect, test } from 'vitest'
import { BuiltInConfig, unwrap, type Message, type ScriptReply, type TrajectoryEvent } from '../../../nouns/index.js'
import { scriptedModel, textOf, type ChatModel, type ModelEvent, type ModelRequest } from '../../models/index.js'
import { virtualSandboxes, type Sandbox } from '../../sandboxes/index.js'
import type { AgentSession } from '../agent.js'
import { builtInAgent } from './index.js'

interface Opened {
  readonly session: AgentSession
  readonly sandbox: Sandbox
  readonly events: TrajectoryEvent[]
  readonly messages: () => Message[]
}

type Given = Partial<Omit<BuiltInConfig, 'kind'>> & { signal?: AbortSignal }

async function open(model: ChatModel, { signal, ...config }: Given = {}): Promise<Opened> {
  const sandbox = unwrap(await virtualSandboxes.create({ files: { a: '1\n' } }))
  const events: TrajectoryEvent[] = []
  const sink = { append: async (event: TrajectoryEvent) => void events.push(event) }
  const agent = builtInAgent(BuiltInConfig.parse({ kind: 'built-in', ...config }), { backoffMs: [1, 1] })
  const session = await agent.open({ sandbox, model, sink, signal })
  const messages = () => events.flatMap((event) => (event.type === 'message' ? [event.message] : []))
  return { session, sandbox, events, messages }
}

const script = (...replies: Partial<ScriptReply>[]): ChatModel =>
  scriptedModel('script:t', [{ replies: replies.map((reply) => ({ text: '', ...reply })) }])

const bash = (command: string): string => `\`\`\`bash\n${command}\n\`\`\``

const shown = (messages: readonly Message[]) =>
  messages.map(({ id, role, origin, round, content }) => [id, role, origin, round, content])

describe('fenced commands', () => {
  test('are run one a turn until a reply has none, and rounds continue the conversation', async () => {
    const { session, messages } = await open(
      script(
        { text: `Look.\n${bash('cat a; cat b')}\nAnd then\n${bash('rm a')}` },
        { text: 'It is 1.' },
        { text: bash('true') },
        { text: 'Yes.' },
      ),
      { actions: 'fenced', systemPrompt: 'Work.' },
    )
    expect(await session.send('What is in a?', 1)).toEqual({
      answer: 'It is 1.',
      stop: 'answered',
      cause: null,
      usage: { inputTokens: 0, outputTokens: 0 },
    })
    expect(await session.send('Sure?', 2)).toMatchObject({ answer: 'Yes.' })
    expect(shown(messages())).toEqual([
      ['m1', 'system', 'agent', undefined, 'Work.'],
      ['m2', 'user', 'human', 1, 'What is in a?'],
      ['m3', 'assistant', 'model', 1, `Look.\n${bash('cat a; cat b')}\nAnd then\n${bash('rm a')}`],
      ['m4', 'user', 'tool', 1, '1\ncat: b: No such file or directory\n(exit code 1)'],
      ['m5', 'assistant', 'model', 1, 'It is 1.'],
      ['m6', 'user', 'simulated', 2, 'Sure?'],
      ['m7', 'assistant', 'model', 2, bash('true')],
      ['m8', 'user', 'tool', 2, '(no output)'],
      ['m9', 'assistant', 'model', 2, 'Yes.'],
    ])
    expect(messages()[2]?.call).toMatchObject({
      model: 'script:t',
      params: { maxTokens: 4096, temperature: 0 },
      stop: 'stop',
    })
  })

  test('the default system prompt is short, and an empty one is none', async () => {
    const short = await open(script({}), { actions: 'fenced' })
    expect(textOf(short.messages()[0]!.content).length).toBeLessThan(160)
    const none = await open(script({}), { actions: 'fenced', systemPrompt: '' })
    expect(none.messages()).toEqual([])
  })

  test('long output is shown by its head and tail, and says so', async () => {
    const { session, messages } = await open(script({ text: bash('seq 1 9999') }, { text: 'ok' }), {
      actions: 'fenced',
    })
    await session.send('count', 1)
    const content = textOf(messages()[3]!.content)
    expect(content).toMatch(/^1\n2\n[^]*\n\(\d+ characters left out\)\n[^]*\n9999$/)
    expect(content.length).toBeLessThan(4_100)
  })
})

describe('tool calls', () => {
  const call = (command: string) => ({ name: 'bash', arguments: JSON.stringify({ command }) })

  test('are answered in order, whatever they are, with their text as it was', async () => {
    const toolCalls = [
      call('echo x > b'),
      { name: 'bash', arguments: '{"command": "ls' },
      { name: 'browse', arguments: '{}' },
      { name: 'bash', arguments: '{"cmd": 1}' },
      { ...call('cat b; exit 2'), id: 'own' },
    ]
    const { session, messages, events } = await open(script({ text: 'Go', toolCalls }, { text: 'Done.' }))
    expect(await session.send('do', 1)).toMatchObject({ answer: 'Done.', stop: 'answered' })
    const [, , assistant, ...rest] = messages()
    expect(assistant?.toolCalls?.map((made) => made.arguments)).toEqual(toolCalls.map((made) => made.arguments))
    expect(rest.slice(0, 5).map(({ role, toolCallId, isError }) => [role, toolCallId, isError])).toEqual([
      ['tool', 'call_1_1', undefined],
      ['tool', 'call_1_2', true],
      ['tool', 'call_1_3', true],
      ['tool', 'call_1_4', true],
      ['tool', 'own', undefined],
    ])
    expect(rest[4]?.content).toBe('x\n(exit code 2)')
    const tools = events.flatMap((event) => (event.type === 'tools' ? [event] : []))
    expect(tools[0]?.tools.map((tool) => tool.name)).toEqual(['bash'])
    expect(assistant?.call?.tools).toBe(tools[0]?.digest)
  })

  test('of the last turn are carried out and answered', async () => {
    const { session, messages, sandbox } = await open(script({ toolCalls: [call('echo 1 > b')] }), { maxTurns: 1 })
    expect(await session.send('do', 1)).toMatchObject({ answer: '', stop: 'turn-limit', cause: 'agent' })
    expect(messages().at(-1)?.role).toBe('tool')
    expect(await sandbox.read('b')).not.toBeNull()
  })

  test('a model that says nothing at all has not answered', async () => {
    const { session } = await open(script({ text: ' ' }, { text: 'Done.' }))
    expect(await session.send('do', 1)).toMatchObject({ stop: 'answered', cause: 'agent' })
    expect(await session.send('and now?', 2)).toMatchObject({ answer: 'Done.', cause: null })
  })

  test('are answered unrun when time is up', async () => {
    const { session, messages } = await open(script({ toolCalls: [call('sleep 9'), call('echo late > b')] }), {
      maxSeconds: 0.1,
    })
    expect(await session.send('do', 1)).toMatchObject({ stop: 'time-limit', cause: 'timeout' })
    expect(messages().at(-1)).toMatchObject({ content: 'not run: out of time', isError: true, toolCallId: 'call_1_2' })
  })
})

describe('a turn that does not end well', () => {
  test('a reply cut at its token limit has said what it said', async () => {
    const { session } = await open(script({ text: '```bash\nls', stop: 'length' }), { actions: 'fenced' })
    expect(await session.send('do', 1)).toMatchObject({ answer: '```bash\nls', stop: 'token-limit', cause: null })
  })

  test('a model that is too slow runs into the time limit', async () => {
    const { session, events } = await open(script({ text: 'late', delayMs: 60_000 }), { maxSeconds: 0.05 })
    expect(await session.send('do', 1)).toMatchObject({ stop: 'time-limit', cause: 'timeout' })
    expect(events.at(-1)).toMatchObject({ type: 'aside' })
  })

  test('an abort ends it', async () => {
    const { session } = await open(script({ text: 'late', delayMs: 60_000 }), { signal: AbortSignal.timeout(30) })
    expect(await session.send('do', 1)).toMatchObject({ stop: 'aborted', cause: null })
  })

  test('a failure that may pass is tried again, each attempt kept as an aside', async () => {
    const { session, events } = await open(failing(2, true))
    expect(await session.send('do', 1)).toMatchObject({
      answer: 'fine',
      stop: 'answered',
      usage: { inputTokens: 3, outputTokens: 6 },
    })
    expect(events.flatMap((event) => (event.type === 'aside' ? [[event.aside.id, event.aside.why]] : []))).toEqual([
      ['a1', 'failed attempt 1: test.down: down'],
      ['a2', 'failed attempt 2: test.down: down'],
    ])
    expect(events.find((event) => event.type === 'aside')).toMatchObject({ aside: { messages: [{ content: 'half' }] } })
  })

  test('one that lasts, or cannot pass, is the infrastructure’s', async () => {
    const lasting = await open(failing(9, true))
    expect(await lasting.session.send('do', 1)).toMatchObject({
      stop: 'failed',
      cause: 'infrastructure',
      failure: { code: 'test.down' },
    })
    expect(lasting.events.filter((event) => event.type === 'aside')).toHaveLength(3)
    const final = await open(failing(9, false))
    expect(await final.session.send('do', 1)).toMatchObject({ stop: 'failed', cause: 'infrastructure' })
    expect(final.events.filter((event) => event.type === 'aside')).toHaveLength(1)
  })
})

test('a step begins only when the last one is saved', async () => {
  const order: string[] = []
  const inner = script({ text: bash('true') }, { text: 'ok' })
  const model: ChatModel = {
    name: 'm',
    stream(request: ModelRequest) {
      order.push(`ask after ${request.messages.at(-1)?.id ?? ''}`)
      return inner.stream(request)
    },
  }
  const append = async (event: TrajectoryEvent): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, 5))
    if (event.type === 'message') order.push(`saved ${event.message.id}`)
  }
  const sandbox = unwrap(await virtualSandboxes.create({ files: {} }))
  const agent = builtInAgent(BuiltInConfig.parse({ kind: 'built-in', actions: 'fenced' }))
  await (await agent.open({ sandbox, model, sink: { append } })).send('do', 1)
  expect(order).toEqual(['saved m1', 'saved m2', 'ask after m2', 'saved m3', 'saved m4', 'ask after m4', 'saved m5'])
})

/** Fails the first times, in the middle of a response. */
function failing(times: number, retryable: boolean): ChatModel {
  let attempts = 0
  return {
    name: 'failing',
    async *stream(): AsyncGenerator<ModelEvent> {
      attempts += 1
      yield { type: 'usage', usage: { inputTokens: 1, outputTokens: 2 } }
      if (attempts > times) {
        yield { type: 'text', text: 'fine' }
        yield { type: 'stop', reason: 'stop' }
        return
      }
      yield { type: 'text', text: 'half' }
      yield { type: 'failure', retryable, failure: { kind: 'underway', code: 'test.down', message: 'down' } }
    },
  }
}
