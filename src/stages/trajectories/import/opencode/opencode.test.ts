import { readFileSync } from 'node:fs'
import path from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { importBench, type ImportBench } from '../../../../../test/support/import-bench.js'
import { lostLeaves } from '../../../../../test/support/session-leaves.js'
import type { Message } from '../../../../nouns/index.js'
import type { ImportReport } from '../index.js'
import { opencode } from './index.js'

/**
 * Written by opencode (npm opencode-ai) 1.18.33 against a served script, with an empty home: `opencode run -m limi/scripted`, twice
 * `opencode run -c` (the second after the context had overflowed), then `opencode export SESSION` of the session and of its task's.
 * The working folder alone was renamed.
 */
const fixture = (name: string): string => path.join(import.meta.dirname, 'fixtures', '1.18.33', `${name}.json`)

interface RawPart {
  readonly id: string
  readonly type: string
}
interface Raw {
  readonly info: { readonly id: string; readonly parentID?: string }
  readonly messages: readonly {
    readonly info: { readonly id: string; readonly role: string }
    readonly parts: readonly RawPart[]
  }[]
}
const rawOf = (name: string): Raw => JSON.parse(readFileSync(fixture(name), 'utf8')) as Raw

let bench: ImportBench
beforeEach(async () => {
  bench = await importBench()
})

/** Documents over several lines, as the program writes them. */
const put = (name: string, content: unknown): Promise<string> =>
  bench.put(name, typeof content === 'string' || /\.jsonl$/.test(name) ? content : JSON.stringify(content, null, 2))
const run = (given: string): Promise<ImportReport> => bench.run(given)
const only = async (given: string): ReturnType<ImportBench['only']> => {
  const only = await bench.only(given)
  expect(only.report.imported[0]!.format).toBe('opencode')
  return only
}
const kinds = (messages: readonly Message[]): string[] => messages.map(({ role, origin }) => `${role} ${origin}`)

/** The same records in the storage folder's layout, a file each, as packages/opencode/src/storage/storage.ts writes them. */
async function store1(raw: Raw): Promise<string> {
  const head = await put(`storage/session/global/${raw.info.id}.json`, raw.info)
  for (const { info, parts } of raw.messages) {
    await put(`storage/message/${raw.info.id}/${info.id}.json`, info)
    for (const part of parts) await put(`storage/part/${info.id}/${part.id}.json`, part)
  }
  return head
}

describe('what `opencode export` writes', () => {
  it.each(['session', 'task-session'])('%s agrees with an independent count and loses no value', async (name) => {
    const raw = rawOf(name)
    const { report, read } = await only(fixture(name))
    const calls = raw.messages.flatMap(({ parts }) => parts).filter(({ type }) => type === 'tool').length
    expect(report.imported[0]).toMatchObject({ messages: raw.messages.length + calls, toolCalls: calls })
    expect(lostLeaves(raw, read)).toEqual([])
  })

  it('has reasoning, calls, failed results, tokens and the reason of the end', async () => {
    const { read } = await only(fixture('session'))
    const main = read.threads[0]!.messages
    expect(kinds(main).slice(0, 4)).toEqual(['user human', 'assistant model', 'tool tool', 'tool tool'])
    expect(main[1]).toMatchObject({
      content: 'I will look first.',
      reasoning: { text: 'List, then write.', kind: 'full' },
      toolCalls: [
        { id: 'call_1_1', name: 'bash', arguments: '{"command":"ls","description":"List files"}' },
        { id: 'call_1_2', name: 'read', arguments: '{"filePath":"/home/dev/project/absent.txt"}' },
      ],
      call: {
        model: 'limi/scripted',
        usage: { inputTokens: 100, outputTokens: 7, cachedInputTokens: 40 },
        stop: 'tool-calls',
      },
    })
    expect(main[3]).toMatchObject({ toolCallId: 'call_1_2', isError: true })
    expect(read.source).toMatchObject({ agent: 'opencode', model: 'limi/scripted' })
  })

  it('goes on in a thread after the compaction', async () => {
    const { read } = await only(fixture('session'))
    const after = read.threads[1]!
    expect(after.parent).toMatchObject({ thread: 'main', relation: 'compaction' })
    expect(kinds(after.messages)).toEqual([
      ...['user rebuilt', 'assistant rebuilt', 'user agent', 'assistant model', 'user human', 'assistant model'],
    ])
    expect(after.messages.at(-1)?.content).toBe('Goodbye, after the summary.')
  })
})

describe('the storage folder of opencode', () => {
  /** Written by opencode 1.1.11, the prompts as above; here a file a path. */
  it('that the program wrote agrees with an independent count and loses no value', async () => {
    const text = readFileSync(path.join(import.meta.dirname, 'fixtures', '1.1.11', 'storage.json'), 'utf8')
    const files = JSON.parse(text) as Record<string, { type?: string }>
    for (const [name, content] of Object.entries(files)) await put(`storage/${name}`, content)
    const { report, read } = await only(bench.folder)
    const count = (start: string): number => Object.keys(files).filter((name) => name.startsWith(start)).length
    const calls = Object.values(files).filter(({ type }) => type === 'tool').length
    expect(report.imported[0]).toMatchObject({
      messages: count('message/') + calls,
      toolCalls: calls,
      threads: count('session/') + 1,
    })
    expect(read.threads.map(({ parent }) => parent?.relation)).toEqual([undefined, 'compaction', 'subagent'])
    expect(read.threads[1]!.messages.at(-1)?.content).toBe('Goodbye, after the summary.')
    expect(read.threads[2]!.parent?.toolCall).toBe('call_2_1')
    expect(lostLeaves(files, read)).toEqual([])
  })

  it('is one trajectory of the session and the one its task started', async () => {
    const [session, task] = [rawOf('session'), rawOf('task-session')]
    await store1(session)
    await store1(task)
    await put(`storage/todo/${session.info.id}.json`, [{ content: 'write it', status: 'pending' }])
    const { read } = await only(bench.folder)
    const child = read.threads.find(({ id }) => id === `session-${task.info.id}`)!
    const caller = read.threads[0]!.messages.find(({ toolCalls }) => toolCalls?.[0]?.name === 'task')!
    expect(child.parent).toEqual({ thread: 'main', message: caller.id, relation: 'subagent', toolCall: 'call_2_1' })
    expect(kinds(child.messages)).toEqual(['user agent', 'assistant model', 'tool tool', 'assistant model'])
    expect(lostLeaves([session, task, 'write it'], read)).toEqual([])
    const exported = await only(fixture('session'))
    expect(read.threads.slice(0, 2)).toEqual(exported.read.threads)
  })

  it('tells of a record that cannot be read, and follows no name out of its folder', async () => {
    const head = await store1(rawOf('task-session'))
    const [first] = rawOf('task-session').messages
    await put(`storage/message/${rawOf('task-session').info.id}/${first!.info.id}.json`, '{"id": 1')
    const { report } = await only(head)
    expect(report.imported[0]).toMatchObject({ messages: 3, oddities: { 'unreadable-line': 1 } })
    const hostile = await put('storage/session/global/ses_x.json', { id: 'ses_/../../..', directory: '/' })
    expect((await run(hostile)).imported.filter(({ messages }) => messages > 0)).toEqual([])
  })
})

describe('a session of opencode', () => {
  const info = { id: 'ses_1', directory: '/w', version: '1', time: { created: 1_767_225_600_000 } }
  const user = (id: string, ...parts: object[]): object => ({ info: { id, role: 'user', time: {} }, parts })
  const answer = (id: string, parts: object[], more: object = {}): object => ({
    info: { id, role: 'assistant', modelID: 'm', providerID: 'anthropic', ...more },
    parts,
  })
  const text = (one: string, more: object = {}): object => ({ type: 'text', text: one, ...more })
  const tool = (callID: string, state: object): object => ({
    type: 'tool',
    callID,
    tool: 'bash',
    id: `prt_${callID}`,
    state,
  })

  it('has what the program put beside a prompt by itself, steps apart, and failures as asides', async () => {
    const whole = {
      info,
      messages: [
        user('msg_1', text('Look at a.'), text('Called the Read tool', { synthetic: true }), {
          type: 'file',
          url: 'a',
        }),
        answer('msg_2', [
          { type: 'step-start' },
          { type: 'reasoning', text: 'hm', metadata: { anthropic: { signature: 'sig' } } },
          tool('c1', { status: 'completed', input: { command: 'ls' }, output: 'a', title: 'ls' }),
          {
            type: 'step-finish',
            reason: 'tool-calls',
            tokens: { input: 5, output: 2, reasoning: 1, cache: { read: 3 } },
          },
          { type: 'step-start' },
          tool('c2', { status: 'pending', input: {}, raw: '{"command": "l' }),
          text('Stopped.'),
          { type: 'retry', attempt: 1, error: { name: 'APIError' } },
        ]),
        answer('msg_3', [], { error: { name: 'MessageAbortedError', data: { message: 'stop it' } } }),
        answer('msg_4', [
          { type: 'reasoning', text: '', metadata: { openai: { reasoningEncryptedContent: 'blob' } } },
          text('ok'),
        ]),
      ],
    }
    const { read, report } = await only(await put('export.json', whole))
    const main = read.threads[0]!.messages
    expect(kinds(main)).toEqual([
      ...[
        'user human',
        'user agent',
        'user human',
        'assistant model',
        'tool tool',
        'assistant model',
        'assistant model',
      ],
    ])
    expect(main[3]).toMatchObject({
      reasoning: { text: 'hm', kind: 'full', signature: 'sig' },
      call: { model: 'anthropic/m', usage: { inputTokens: 8, outputTokens: 3 } },
    })
    expect(main[5]).toMatchObject({ content: 'Stopped.', toolCalls: [{ id: 'c2', arguments: '{"command": "l' }] })
    expect(main[6]!.reasoning).toEqual({ kind: 'hidden', signature: 'blob' })
    expect(read.asides.map(({ why }) => why)).toEqual(['retry', 'failed attempt'])
    expect(read.workspace).toEqual({ cwd: '/w' })
    expect(report.imported[0]!.oddities).toEqual({
      'arguments-not-text': 1,
      'unanswered-call': 1,
      'unparsable-arguments': 1,
    })
    expect(lostLeaves(whole, read)).toEqual([])
  })

  it('shows the kept messages again after a compaction', async () => {
    const whole = {
      info,
      messages: [
        user('msg_1', text('one')),
        answer('msg_2', [text('first')]),
        user('msg_3', text('two')),
        answer('msg_4', [text('second')]),
        user('msg_5', { type: 'compaction', auto: true, tail_start_id: 'msg_3' }),
        answer('msg_6', [text('summary')], { summary: true, parentID: 'msg_5', finish: 'stop' }),
        user('msg_7', text('three')),
      ],
    }
    const { read } = await only(await put('export.json', whole))
    expect(read.threads[1]!.messages.map(({ id, origin }) => `${id} ${origin}`)).toEqual([
      ...['msg_5 rebuilt', 'msg_6 rebuilt'],
      ...['compaction-1:msg_3 rebuilt', 'compaction-1:msg_4 rebuilt', 'msg_7 human'],
    ])
  })
})

describe('detection of opencode', () => {
  const rate = (text: string): number => opencode.detect({ path: '/s/x.json', bytes: Buffer.from(text), text })
  it('refuses a database with the way out', async () => {
    const file = await put('opencode.db', 'SQLite format 3\0rest')
    const { rejected, imported } = await run(file)
    expect(imported).toEqual([])
    expect(rejected[0]!.error).toContain('import.database')
  })
  it.each([
    ['a package', '{"name":"x","version":"1"}'],
    ['an API', '{"info":{"title":"x","version":"1"},"paths":{}}'],
    ['messages', '[{"role":"user","content":"hi"}]'],
    ['a session outside of a storage', '{"id":"ses_1","directory":"/w"}'],
    ['nothing', ''],
  ])('leaves %s alone', (_, text) => expect(rate(text)).toBe(0))
})
