import { readdirSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { unwrap, type Message } from '../../src/nouns/index.js'
import { scriptedModel } from '../../src/shared/models/index.js'
import { serveModel, type ServedModel } from '../../src/shared/wire/index.js'
import { trajectoryStore } from '../../src/stages/trajectories/index.js'
import { expectRefusal, limiForTests } from '../support/cli.js'

interface Recorded {
  readonly trajectory: string
  readonly threads: number
  readonly messages: number
  readonly toolCalls: number
  readonly asides: number
  readonly complete: boolean
  readonly outcome: string
  readonly exitCode: number
}

const limi = limiForTests()
const project = path.join(limi.place, 'p')
let served: ServedModel

/** An agent in a few lines: it asks, carries out calls of `write`, and asks again, over OpenAI's API. It tries once more where it fails. */
const AGENT = `
import { writeFileSync } from 'node:fs'
const messages = [{ role: 'system', content: 'You write files.' }, { role: 'user', content: process.argv[2] }]
const tools = [{ type: 'function', function: { name: 'write', parameters: { type: 'object' } } }]
const ask = async () => {
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const response = await fetch(process.env.OPENAI_BASE_URL + '/chat/completions', {
      method: 'POST',
      headers: { authorization: 'Bearer sk-very-secret-key', 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'scripted', messages, tools }),
    })
    if (response.ok) return (await response.json()).choices[0].message
  }
  process.exit(9)
}
for (;;) {
  const message = await ask()
  messages.push({ role: 'assistant', content: message.content, tool_calls: message.tool_calls })
  for (const call of message.tool_calls ?? []) {
    const { path, text } = JSON.parse(call.function.arguments)
    writeFileSync(path, text)
    messages.push({ role: 'tool', tool_call_id: call.id, content: 'written' })
  }
  if (!message.tool_calls) break
}
console.log(messages.at(-1).content)
`

const write = (file: string, text: string) => ({
  name: 'write',
  arguments: `{ "path" : "${file}",  "text": "${text}" }`,
})

beforeAll(async () => {
  await mkdir(project)
  await limi.run(project, 'init')
  await writeFile(path.join(project, 'agent.mjs'), AGENT)
  const script = [
    {
      request: 'Greet.',
      replies: [
        { text: 'Writing.', reasoning: 'A file.', toolCalls: [write('a.txt', 'hello'), write('b.txt', 'x')] },
        { text: 'Done.', faults: [{ kind: 'status' as const, status: 503 }] },
      ],
    },
  ]
  served = unwrap(await serveModel(scriptedModel('scripted', script)))
})
afterAll(() => served.close())

const agent = [process.execPath, 'agent.mjs']
/** What follows `--` is the agent's, so `--json` stands before. */
async function recorded(...args: readonly string[]): Promise<{ code: number | undefined; data: Recorded }> {
  const { code, stdout } = await limi.run(project, 'record', '--json', ...args)
  return { code, data: JSON.parse(stdout) as Recorded }
}
const upstream = () => ['--upstream', served.baseUrl]
const read = async (id: string) => unwrap(await trajectoryStore(path.join(project, 'trajectories')).read(id))
const saidBy = (messages: readonly Message[]) =>
  messages.map(({ role, origin, content, toolCalls = [], toolCallId }) => [
    ...[role, origin, content, toolCalls.map((call) => call.arguments)],
    ...(toolCallId === undefined ? [] : [toolCallId]),
  ])

describe('limi record', () => {
  it('keeps what an agent and its model said, exactly, and nothing secret', async () => {
    const { code, data } = await recorded(
      '--outcome',
      'success',
      '--note',
      'neat',
      ...upstream(),
      '--',
      ...agent,
      'Greet.',
    )
    expect(code).toBe(0)
    expect(data).toEqual({
      trajectory: expect.stringMatching(/^rec-\d{8}-\d{6}-[0-9a-f]{4}$/),
      ...{ threads: 1, messages: 6, toolCalls: 2, asides: 1, complete: true, outcome: 'success', exitCode: 0 },
    })
    const trajectory = await read(data.trajectory)
    expect(saidBy(trajectory.threads[0]?.messages ?? [])).toEqual([
      ['system', 'agent', 'You write files.', []],
      ['user', 'human', 'Greet.', []],
      [
        'assistant',
        'model',
        'Writing.',
        ['{ "path" : "a.txt",  "text": "hello" }', '{ "path" : "b.txt",  "text": "x" }'],
      ],
      ['tool', 'tool', 'written', [], 'call_1_1'],
      ['tool', 'tool', 'written', [], 'call_1_2'],
      ['assistant', 'model', 'Done.', []],
    ])
    expect(trajectory).toMatchObject({
      complete: true,
      source: { kind: 'recorded', agent: 'other', model: 'scripted' },
      outcome: { status: 'success', by: 'person' },
    })
    expect(trajectory.asides.map(({ why }) => why)).toEqual(['a failed attempt: HTTP 503'])
    const files = readdirSync(path.join(project, 'recordings', data.trajectory)).map((name) =>
      path.join(project, 'recordings', data.trajectory, name),
    )
    for (const file of [...files, path.join(project, 'trajectories', `${data.trajectory}.jsonl`)])
      expect(await readFile(file, 'utf8')).not.toContain('very-secret')
  })

  it('puts a model of limi’s in the place of the agent’s own', async () => {
    await writeFile(path.join(project, 'other.jsonl'), '{"replies":[{"text":"From the script."}]}\n')
    const { data } = await recorded('--upstream', 'script:other.jsonl', '--', ...agent, 'anything')
    expect(data).toMatchObject({ messages: 3, outcome: 'unknown', complete: true })
    const trajectory = await read(data.trajectory)
    expect(trajectory.source).toMatchObject({ agent: 'other', model: 'script:other.jsonl' })
    expect(trajectory.threads[0]?.messages.at(-1)).toMatchObject({
      origin: 'model',
      content: 'From the script.',
    })
  })

  it('prepares a query’s workspace and scores what the agent leaves there', async () => {
    await writeFile(
      path.join(project, 'checks.yaml'),
      '- kind: file\n  id: greets\n  path: a.txt\n  equals: hello\n  feedback: It does not greet.\n',
    )
    await mkdir(path.join(project, 'start'))
    await writeFile(path.join(project, 'start', 'c.txt'), 'there')
    await limi.run(project, 'queries', 'add', 'Greet.', '--id', 'greet', '--files', 'start', '--checks', 'checks.yaml')
    const { data } = await recorded(
      '--query',
      'greet',
      ...upstream(),
      '--',
      process.execPath,
      path.join(project, 'agent.mjs'),
      'Greet.',
    )
    expect(data).toMatchObject({ outcome: 'success', complete: true })
    const trajectory = await read(data.trajectory)
    expect(trajectory).toMatchObject({
      query: { id: 'greet' },
      outcome: { status: 'success', score: 1, max: 1, by: 'checks' },
    })
    expect(trajectory.rounds).toMatchObject([{ round: 1, passed: true }])
    const workspace = path.join(project, 'recordings', data.trajectory, 'workspace')
    expect(await readFile(path.join(workspace, 'c.txt'), 'utf8')).toBe('there')
    expect(await readFile(path.join(workspace, 'a.txt'), 'utf8')).toBe('hello')
    expect(JSON.stringify(trajectory)).not.toContain('greets')
  })

  it('says what is wrong, and leaves nothing behind', async () => {
    const before = readdirSync(path.join(project, 'trajectories')).length
    const refused = (...args: readonly string[]) => limi.run(project, 'record', ...args)
    expectRefusal(await refused(), { code: 'record.command', what: /--print-env/ })
    expectRefusal(await refused('--print-env', '--', 'claude'), { code: 'record.command', what: /--print-env/ })
    expectRefusal(await refused('--agent', 'claud', '--', 'x'), { code: 'record.agent', what: /did you mean claude/ })
    expectRefusal(await refused('--query', 'none', '--', 'x'), { code: 'query.absent', what: /none/ })
    expectRefusal(await refused('--workspace', 'w', '--', 'x'), { code: 'record.workspace', what: /no query/ })
    expectRefusal(await refused('--', process.execPath, '-e', '0'), {
      code: 'record.nothing',
      what: /no call to a model/,
    })
    const asks = `fetch(process.env.OPENAI_BASE_URL + '/v9/other', { method: 'POST', body: 'x' })`
    const elsewhere = await refused('--upstream', 'http://127.0.0.1:9/v1', '--', process.execPath, '-e', asks)
    expectRefusal(elsewhere, { code: 'record.nothing', what: /1 other request did, to \S*\/v9\/other/ })
    const missing = await refused('--', 'limi-no-such-agent')
    expect([missing.code, missing.stderr]).toEqual([3, expect.stringContaining('record.command')])
    expect(readdirSync(path.join(project, 'trajectories'))).toHaveLength(before)
  })

  it('tells the agent’s exit code, and keeps what was said before it died', async () => {
    const dying = `await fetch(process.env.OPENAI_BASE_URL + '/chat/completions', { method: 'POST', body: JSON.stringify({ model: 'scripted', messages: [{ role: 'user', content: 'Greet.' }] }) }).then((r) => r.text()); process.kill(process.pid, 'SIGKILL')`
    const { data } = await recorded(...upstream(), '--', process.execPath, '--input-type=module', '-e', dying)
    expect(data).toMatchObject({ exitCode: 137, messages: 2, toolCalls: 2 })
  })
})
