import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { importBench, type ImportBench } from '../../../../../test/support/import-bench.js'
import { lostLeaves } from '../../../../../test/support/session-leaves.js'
import type { Message } from '../../../../nouns/index.js'
import type { StoredTrajectory } from '../../store/index.js'
import { geminiCli } from './index.js'

/**
 * Written by Gemini CLI (npm @google/gemini-cli) 0.61.0 against a local server of the Gemini API's form, with an empty home:
 * `gemini -m gemini-2.5-flash -y -p PROMPT`, then twice taken up again with `gemini -r latest -p PROMPT`.
 * The home and the working folder alone were renamed. The other forms are written by hand, after the program's source.
 */
const fixtures = path.join(import.meta.dirname, 'fixtures', '0.61.0', 'chats')
const real = (): string => path.join(fixtures, readdirSync(fixtures)[0]!)

let bench: ImportBench
beforeEach(async () => {
  bench = await importBench()
})

/** Documents over several lines, as the program writes them. */
const put = (name: string, content: unknown): Promise<string> =>
  bench.put(name, typeof content === 'string' || /\.jsonl$/.test(name) ? content : JSON.stringify(content, null, 2))
const only = async (given: string): ReturnType<ImportBench['only']> => {
  const only = await bench.only(given)
  expect(only.report.imported[0]!.format).toBe('gemini-cli')
  return only
}
const shape = ({ role, origin, content }: Message): unknown[] => [role, origin, content]
/** Kinds of records are places in a trajectory; the time of the last change is written after every message. */
const PLACES = new Set(['gemini', 'model'])
const without = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (key, one: unknown) => (key === 'lastUpdated' ? undefined : one)))
/** A rebuilt history's ids stand after its thread's. */
const sourceIds = (read: StoredTrajectory): string[] =>
  read.threads.flatMap(({ id, messages }) => messages.map((message) => message.id.replace(`${id}:`, '')))
const lost = (source: unknown, read: StoredTrajectory): string[] =>
  lostLeaves(without(source), [read, sourceIds(read)]).filter((leaf) => !PLACES.has(leaf))

const session = { sessionId: 's-1', projectHash: 'p', startTime: '2026-01-01T00:00:00.000Z', lastUpdated: 'later' }
const said = (id: string, text: string): object => ({ id, timestamp: `t-${id}`, type: 'user', content: [{ text }] })
const answered = (id: string, content: string, more: object = {}): object => ({
  id,
  timestamp: `t-${id}`,
  type: 'gemini',
  content,
  model: 'gemini-x',
  ...more,
})
const call = {
  id: 'ls-1',
  name: 'ls',
  args: { path: '.' },
  status: 'success',
  timestamp: 't-call',
  result: [{ functionResponse: { id: 'ls-1', name: 'ls', response: { output: 'a.txt' } } }],
  resultDisplay: 'Listed 1',
}

describe('a session that Gemini CLI wrote', () => {
  it('agrees with an independent count and loses no value', async () => {
    const lines = readFileSync(real(), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    const { report, read } = await only(real())
    const ids = new Set(lines.flatMap(({ id, type }) => (typeof type === 'string' ? [id] : [])))
    const main = read.threads[0]!.messages
    const results = main.filter(({ role }) => role === 'tool').length
    expect(lines.filter((line) => JSON.stringify(line).includes('"status":"')).length).toBeGreaterThan(0)
    expect(results).toBe(3)
    expect(report.imported[0]).toMatchObject({ toolCalls: 3, threads: 3 })
    const own = read.threads.flatMap(({ messages }) => messages).filter(({ origin }) => origin !== 'rebuilt')
    // The program's own context comes in the first history; two results stand in one record.
    expect(own).toHaveLength(ids.size + 1 + 1)
    expect(lost(lines, read)).toEqual([])
  })

  it('has the context, the summary of thoughts, calls, results and tokens', async () => {
    const { read } = await only(real())
    const main = read.threads[0]!.messages
    expect(main.map(({ role, origin }) => `${role} ${origin}`)).toEqual([
      ...['user agent', 'user human', 'assistant model', 'tool tool', 'tool tool', 'assistant model', 'tool tool'],
      'assistant model',
    ])
    expect(main[2]).toMatchObject({
      content: 'I will look first.',
      reasoning: { text: '**Look first**\nI list the folder.', kind: 'summary' },
      call: {
        model: 'gemini-2.5-flash',
        usage: { inputTokens: 100, outputTokens: 12, cachedInputTokens: 40, reasoningTokens: 5 },
      },
      toolCalls: [
        { name: 'list_directory', arguments: '{"dir_path":"/home/dev/project"}' },
        { name: 'read_file', arguments: '{"file_path":"/home/dev/project/absent.txt"}' },
      ],
    })
    expect(main[4]).toMatchObject({ isError: true, content: 'File not found: /home/dev/project/absent.txt' })
    expect(main.at(-1)).toMatchObject({ content: 'Wrote hello.txt.' })
    expect(read.source.model).toBe('gemini-2.5-flash')
  })

  it('goes on after a rebuilt history where it was taken up again', async () => {
    const { report, read } = await only(real())
    // The program itself shows the model each of its three results twice when a session is taken up, which it was twice.
    expect(report.imported[0]!.oddities['repeated-result']).toBe(6)
    const last = read.threads[2]!
    expect(last.parent).toMatchObject({ relation: 'compaction', thread: 'compaction-1' })
    expect(last.messages.slice(-2).map(shape)).toEqual([
      ['user', 'human', 'Say goodbye.'],
      ['assistant', 'model', 'Goodbye.'],
    ])
    expect(new Set(last.messages.slice(0, -2).map(({ origin }) => origin))).toEqual(new Set(['rebuilt']))
  })
})

describe('a session of Gemini CLI', () => {
  const messages = [
    said('u', 'What is here?'),
    { id: 'i', timestamp: 't-i', type: 'info', content: 'Update available' },
    answered('g', '', { toolCalls: [call], thoughts: [], tokens: null }),
    answered('h', 'a.txt'),
  ]

  it('of an earlier version is one document', async () => {
    const whole = { ...session, messages }
    const { report, read } = await only(await put('session-1.json', whole))
    expect(report.imported[0]).toMatchObject({ messages: 4, toolCalls: 1, oddities: { 'arguments-not-text': 1 } })
    expect(read.threads[0]!.messages.map(shape)).toEqual([
      ['user', 'human', 'What is here?'],
      ['assistant', 'model', ''],
      ['tool', 'tool', 'a.txt'],
      ['assistant', 'model', 'a.txt'],
    ])
    expect(read.asides.map(({ why }) => why)).toEqual(['info'])
    expect(lost(whole, read)).toEqual([])
  })

  it('written again with its calls is one message, and a rewind opens an edit', async () => {
    const lines = [
      session,
      said('u', 'What is here?'),
      answered('g', 'I look.'),
      answered('g', 'I look.', { toolCalls: [call] }),
      answered('h', 'a.txt'),
      said('v', 'And?'),
      { $set: { summary: 'A listing' } },
      { $rewindTo: 'v' },
      said('w', 'Thanks.'),
      answered('x', 'Welcome.'),
    ]
    const { read } = await only(await put('session-1.jsonl', lines))
    expect(read.threads[0]!.messages.map(({ id }) => id)).toEqual(['u', 'g', 'g:1', 'h', 'v'])
    expect(read.threads[1]).toMatchObject({ parent: { thread: 'main', message: 'h', relation: 'edit' } })
    expect(read.threads[1]!.messages.map(({ id }) => id)).toEqual(['w', 'x'])
    expect(lost(lines, read)).toEqual([])
  })

  it('has its sub-agents under the calls that name them', async () => {
    await put('chats/s-1/sub-7.jsonl', [{ ...session, sessionId: 'sub-7', kind: 'subagent' }, said('su', 'Look.')])
    const caller = answered('g', '', { toolCalls: [{ ...call, agentId: 'sub-7' }] })
    await put('chats/session-1.jsonl', [session, said('u', 'Look around.'), caller, answered('h', 'Done.')])
    const { read, report } = await only(bench.folder)
    expect(report.passedOver.map(({ path: file }) => path.basename(file))).toEqual(['sub-7.jsonl'])
    expect(read.threads[1]).toMatchObject({
      parent: { thread: 'main', message: 'g', relation: 'subagent', toolCall: 'ls-1' },
      messages: [{ role: 'user', origin: 'agent', content: 'Look.' }],
    })
  })

  it('tells of a record that cannot be read, and goes on', async () => {
    const bad = { id: 4, type: 'gemini' }
    const { report } = await only(await put('session-1.jsonl', [session, said('u', 'a'), bad, answered('g', 'b')]))
    expect(report.imported[0]).toMatchObject({ messages: 2, oddities: { 'unreadable-line': 1 } })
  })
})

describe('what `/chat save` writes', () => {
  const history = [
    { role: 'user', parts: [{ text: 'This is the Gemini CLI. We are setting up the context for our chat.' }] },
    { role: 'model', parts: [{ text: 'Got it. Thanks for the context!' }] },
    { role: 'user', parts: [{ text: 'Look.' }, { inlineData: { mimeType: 'image/png', data: 'aGk=' } }] },
    {
      role: 'model',
      parts: [
        { text: 'hm', thought: true, thoughtSignature: 'sig-1' },
        { functionCall: { id: 'c', name: 'ls', args: {} }, thoughtSignature: 'sig-2' },
      ],
    },
    { role: 'user', parts: [{ functionResponse: { id: 'c', name: 'ls', response: { entries: ['a', 'b'] } } }] },
    { role: 'model', parts: [{ text: 'Two.' }] },
  ]
  it.each([
    ['a list', history],
    ['with its wrapper', { history, authType: 'gemini-api-key' }],
  ])('%s is one thread', async (_, content) => {
    const { read } = await only(await put('checkpoint-x.json', content))
    expect(read.threads[0]!.messages.map(({ role, origin }) => `${role} ${origin}`)).toEqual([
      ...['user agent', 'assistant agent', 'user human', 'assistant model', 'tool tool', 'assistant model'],
    ])
    expect(read.threads[0]!.messages[3]).toMatchObject({
      reasoning: { text: 'hm', kind: 'summary', signature: 'sig-1' },
      toolCalls: [{ id: 'c', extra: { gemini: { thoughtSignature: 'sig-2' } } }],
    })
    expect(read.threads[0]!.messages[4]!.content).toBe('{"entries":["a","b"]}')
    expect(lost(content, read)).toEqual([])
  })
})

describe('detection of Gemini CLI', () => {
  const rate = (text: string): number => geminiCli.detect({ path: 'x.json', bytes: Buffer.from(text), text })
  it.each([
    ['a package', '{"name":"x","version":"1"}'],
    ['messages', '[{"role":"user","content":"hi"}]'],
    ['prompts', '[{"sessionId":"s","messageId":0,"type":"user","message":"hi","timestamp":"t"}]'],
    ['other parts', '{"messages":[{"role":"user","parts":[{"type":"text"}]}]}'],
    ['nothing', ''],
  ])('leaves %s alone', (_, text) => expect(rate(text)).toBe(0))
})
