import { readdirSync, readFileSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import path from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { importBench, type ImportBench } from '../../../../../test/support/import-bench.js'
import { lostLeaves } from '../../../../../test/support/session-leaves.js'
import type { Message } from '../../../../nouns/index.js'
import { qwenCode } from './index.js'

/**
 * Written by Qwen Code (npm @qwen-code/qwen-code) 0.15.10 and 0.24.4 against a served script, with an empty home:
 * `qwen --auth-type openai -m scripted -y -p PROMPT`, then `qwen -c -p /compress` and `qwen -c -p "Say goodbye."`.
 * The home and the working folder alone were renamed.
 */
const fixtures = path.join(import.meta.dirname, 'fixtures')
const filesIn = (folder: string, ending: string): string[] =>
  readdirSync(path.join(fixtures, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => path.join(fixtures, folder, name))
    .sort()

/** Roles and kinds of lines are places in a trajectory, not values. */
const PLACES = new Set(['model', 'system', 'tool_result', 'chat_compression'])

let bench: ImportBench
beforeEach(async () => {
  bench = await importBench()
})

const only = (given: string): ReturnType<ImportBench['only']> => bench.only(given)

interface Line {
  readonly type: string
  readonly subtype?: string
  readonly message?: { readonly parts: readonly Record<string, unknown>[] }
  readonly systemPayload?: { readonly compressedHistory?: readonly unknown[] }
}
const linesOf = (file: string): Line[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line)

const record = (uuid: string, parentUuid: string | null, more: object): string =>
  JSON.stringify({
    uuid,
    parentUuid,
    sessionId: 's',
    timestamp: '2026-01-01T00:00:00.000Z',
    cwd: '/w',
    version: '1',
    ...more,
  })
const user = (uuid: string, parent: string | null, text: string, more: object = {}): string =>
  record(uuid, parent, { type: 'user', message: { role: 'user', parts: [{ text }] }, ...more })
const model = (uuid: string, parent: string, text: string): string =>
  record(uuid, parent, { type: 'assistant', model: 'q', message: { role: 'model', parts: [{ text }] } })
const put = (...lines: string[]): Promise<string> => bench.put('session.jsonl', `${lines.join('\n')}\n`)
const shape = ({ id, role, origin, content }: Message): unknown[] => [id, role, origin, content]

describe('sessions that Qwen Code wrote', () => {
  it.each(['0.15.10', '0.24.4'])('%s agrees with an independent count and loses no value', async (version) => {
    const files = filesIn(version, '.jsonl')
    const lines = files.flatMap(linesOf)
    const parts = lines.flatMap((line) => line.message?.parts ?? [])
    const { report, read } = await only(path.join(fixtures, version))
    const said = lines.filter((line) => line.type !== 'system').length
    const rebuilt = lines.flatMap((line) => line.systemPayload?.compressedHistory ?? []).length
    const reminders = lines.filter((line) => (line.message?.parts.length ?? 0) > 1 && line.type === 'user').length
    expect(report.imported[0]).toMatchObject({
      format: 'qwen-code',
      messages: said + rebuilt + reminders,
      toolCalls: parts.filter((part) => 'functionCall' in part).length,
      threads: files.length + (rebuilt > 0 ? 1 : 0),
    })
    const metas = filesIn(version, '.meta.json').map((file): unknown => JSON.parse(readFileSync(file, 'utf8')))
    expect(lostLeaves([lines, metas], read).filter((leaf) => !PLACES.has(leaf))).toEqual([])
  })

  it('has thoughts, calls, failed results and tokens of each answer', async () => {
    const { read } = await only(path.join(fixtures, '0.24.4'))
    const main = read.threads.find(({ id }) => id === 'main')!.messages
    expect(main[0]).toMatchObject({ role: 'user', origin: 'human', content: 'List the files, then write hello.txt.' })
    expect(main[1]).toMatchObject({
      origin: 'model',
      content: 'I will look first.',
      reasoning: { text: 'List, then write.', kind: 'full' },
      toolCalls: [
        { id: 'call_1_1', name: 'list_directory', arguments: '{"path":"/home/dev/project"}' },
        { id: 'call_1_2', name: 'read_file' },
      ],
      call: {
        model: 'scripted',
        usage: { inputTokens: 100, outputTokens: 7, cachedInputTokens: 40, reasoningTokens: 5 },
        durationMs: expect.any(Number),
      },
    })
    expect(main[3]).toMatchObject({ role: 'tool', origin: 'tool', toolCallId: 'call_1_2', isError: true })
    expect(
      main.find(({ content }) => typeof content === 'string' && content.startsWith('<task-notification>')),
    ).toMatchObject({
      role: 'user',
      origin: 'agent',
    })
    expect(read.source).toMatchObject({ agent: 'qwen-code', model: 'scripted' })
    expect(Object.keys(read.workspace ?? {})).toEqual(['cwd'])
    expect(read.extra).toMatchObject({ missing: ['system prompt', 'tools', 'outcome'] })
  })

  it('opens a thread for the sub-agent under its call, and one for what followed the compaction', async () => {
    const { read } = await only(path.join(fixtures, '0.24.4'))
    const agent = read.threads.find(({ id }) => id.startsWith('agent-'))!
    const caller = read.threads[0]!.messages.find(({ toolCalls }) => toolCalls?.[0]?.name === 'agent')!
    expect(agent.parent).toEqual({ thread: 'main', message: caller.id, relation: 'subagent', toolCall: 'call_2_1' })
    expect(agent.messages[0]).toMatchObject({ role: 'user', origin: 'agent', content: 'Count the files.' })
    expect(agent.messages.at(-1)).toMatchObject({ origin: 'model', content: 'One file.' })
    const after = read.threads.find(({ parent }) => parent?.relation === 'compaction')!
    expect(after.parent?.message).toBe(read.threads[0]!.messages.at(-1)!.id)
    expect(after.messages.map(({ origin }) => origin)).toEqual([
      ...['rebuilt', 'rebuilt', 'rebuilt', 'agent', 'human', 'model'],
    ])
    expect(after.messages.at(-1)?.content).toBe('Goodbye, after the summary.')
  })
})

describe('a session of Qwen Code', () => {
  it('goes on in an edit where a line follows an earlier one', async () => {
    const file = await put(
      user('a', null, 'one'),
      model('b', 'a', 'first'),
      user('c', 'b', 'two'),
      model('d', 'c', 'second'),
      record('r', 'b', { type: 'system', subtype: 'rewind', systemPayload: { truncatedCount: 2 } }),
      user('e', 'r', 'three'),
      model('f', 'e', 'third'),
    )
    const { read } = await only(file)
    expect(read.threads[1]).toMatchObject({ parent: { thread: 'main', message: 'b', relation: 'edit' } })
    expect(read.threads[1]!.messages.map(shape)).toEqual([
      ['e', 'user', 'human', 'three'],
      ['f', 'assistant', 'model', 'third'],
    ])
  })

  it('tells of a line that cannot be read, and goes on', async () => {
    const cut = model('x', 'a', 'cut').slice(0, 90)
    const { report, read } = await only(await put(user('a', null, 'one'), cut, '[1]', model('b', 'a', 'first')))
    expect(report.imported[0]).toMatchObject({ messages: 2, oddities: { 'unreadable-line': 2 } })
    expect(read.asides.map(({ why }) => why)).toEqual(Array(2).fill('a line that cannot be read'))
  })

  it('keeps every message where ids repeat, parents are missing and keys are hostile', async () => {
    const hostile =
      '{"uuid":"h","parentUuid":"nowhere","sessionId":"s","type":"user","message":{"parts":[{"__proto__":1}]}}'
    const { report } = await only(await put(user('a', null, 'one'), user('a', 'a', 'again'), hostile))
    expect(report.imported[0]).toMatchObject({
      messages: 3,
      oddities: { 'repeated-message-id': 1, 'unlinked-record': 1 },
    })
  })

  it('reads sub-agents only in the folder of the session', async () => {
    await cp(path.join(fixtures, '0.24.4'), path.join(bench.folder, 'p'), { recursive: true })
    const file = await bench.put(
      'p/chats/hostile.jsonl',
      `${record('a', null, { type: 'user', sessionId: '../../x', message: { role: 'user', parts: [] } })}\n`,
    )
    const { report } = await only(file)
    expect(report.imported[0]).toMatchObject({ threads: 1 })
  })
})

describe('detection of Qwen Code', () => {
  const rate = (text: string): number => qwenCode.detect({ path: 'x.jsonl', bytes: Buffer.from(text), text })
  it('knows its own lines, also a first line longer than the head', () => {
    expect(rate(user('a', null, 'one'))).toBe(0.95)
    expect(rate(user('a', null, 'x'.repeat(70_000)).slice(0, 65_536))).toBe(0.95)
    expect(rate(readFileSync(filesIn('0.15.10', '.jsonl')[0]!, 'utf8').slice(0, 65_536))).toBe(0.95)
  })
  it.each([
    [
      'Claude Code',
      '{"parentUuid":null,"uuid":"a","sessionId":"s","type":"user","message":{"role":"user","content":"hi"}}',
    ],
    ['Gemini CLI', '{"sessionId":"s","projectHash":"p","startTime":"t","messages":[]}'],
    ['a package', '{"name":"x","version":"1"}'],
    ['nothing', ''],
  ])('leaves %s alone', (_, text) => expect(rate(text)).toBe(0))
})
