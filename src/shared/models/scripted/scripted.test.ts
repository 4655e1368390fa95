import { mkdtemp, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Message, ScriptEntry, ScriptFault } from '../../../nouns/index.js'
import type { ChatModel, ModelEvent } from '../model.js'
import { openScript, parseScript, scriptedModel } from './index.js'

const say = (role: Message['role'], content: string): Message => ({
  id: 'm',
  role,
  origin: role === 'assistant' ? 'model' : 'human',
  content,
})

const entry = (request: string | undefined, ...texts: string[]): ScriptEntry => ({
  request,
  replies: texts.map((text) => ({ text })),
})

async function ask(model: ChatModel, messages: readonly Message[], signal?: AbortSignal): Promise<ModelEvent[]> {
  const events: ModelEvent[] = []
  for await (const event of model.stream({ messages, tools: [], params: {} }, signal)) events.push(event)
  return events
}

describe('a scripted model', () => {
  const model = scriptedModel('script:x', [entry('count', 'one', 'two'), entry(undefined, 'default')])

  test('answers by the first user message and the turns so far', async () => {
    const first = [say('system', 's'), say('user', 'count')]
    expect(await ask(model, first)).toEqual([
      { type: 'text', text: 'one' },
      { type: 'stop', reason: 'stop' },
    ])
    const second = [...first, say('assistant', 'one'), say('user', 'other')]
    expect((await ask(model, second))[0]).toEqual({ type: 'text', text: 'two' })
    expect((await ask(model, [say('user', 'count ')]))[0]).toEqual({ type: 'text', text: 'default' })
  })

  test('says what is missing in the script', async () => {
    const told = [say('user', 'count'), say('assistant', '1'), say('assistant', '2')]
    expect(await ask(model, told)).toMatchObject([{ type: 'failure', failure: { code: 'script.exhausted' } }])
    const narrow = scriptedModel('script:y', [entry('a', 'b')])
    expect(await ask(narrow, [say('user', 'c')])).toMatchObject([
      { type: 'failure', retryable: false, failure: { code: 'script.unmatched', where: 'script:y' } },
    ])
  })

  test('gives reasoning and calls with their exact arguments', async () => {
    const calls = scriptedModel('s', [
      { replies: [{ text: '', reasoning: 'hm', toolCalls: [{ name: 'bash', arguments: '{"command": "ls' }] }] },
    ])
    expect(await ask(calls, [say('user', 'x')])).toEqual([
      { type: 'reasoning', text: 'hm', kind: 'full' },
      { type: 'toolCall', id: 'call_1_1', name: 'bash', arguments: '{"command": "ls' },
      { type: 'stop', reason: 'tool-calls' },
    ])
  })

  test('says what it is told to have counted', async () => {
    const usage = { inputTokens: 190_000, outputTokens: 2 }
    expect(await ask(scriptedModel('s', [{ replies: [{ text: 'x', usage }] }]), [say('user', 'x')])).toEqual([
      { type: 'text', text: 'x' },
      { type: 'usage', usage },
      { type: 'stop', reason: 'stop' },
    ])
  })

  test('can be interrupted while it waits', async () => {
    const slow = scriptedModel('s', [{ replies: [{ text: 'late', delayMs: 60_000 }] }])
    const events = await ask(slow, [say('user', 'x')], AbortSignal.timeout(20))
    expect(events).toMatchObject([{ type: 'failure', failure: { code: 'model.interrupted' } }])
  })
})

describe('a script for agents with words of their own', () => {
  const model = scriptedModel('s', [
    { match: { user: 'say ok' }, replies: [{ text: 'first' }, { text: 'second' }] },
    { match: { user: 'now stop' }, replies: [{ text: 'stopped' }] },
    { match: { system: 'title generator' }, replies: [{ text: 'A title' }] },
    { match: { user: 'say ok', system: 'title generator' }, replies: [{ text: 'Saying ok' }] },
  ])
  const madeUp = [say('system', 'You act.'), say('user', 'Here is the context'), say('assistant', 'Got it.')]
  const text = async (...messages: Message[]) =>
    (await ask(model, messages)).map((event) => (event.type === 'text' ? event.text : '')).join('')

  test('counts replies from the last message that matches, whatever stands before it', async () => {
    expect(await text(...madeUp, say('user', 'please say ok!'))).toBe('first')
    const gone = [...madeUp, say('user', 'please say ok!'), say('assistant', 'first'), say('tool', 'x')]
    expect(await text(...gone)).toBe('second')
    expect(await text(...gone, say('assistant', 'second'), say('user', 'now stop'))).toBe('stopped')
    expect(await text(...gone, say('assistant', 'second'), say('user', 'say ok'))).toBe('first')
  })

  test('tells calls apart by their system prompt', async () => {
    const titles = say('system', 'You are a title generator.')
    expect(await text(titles, say('user', 'whatever'))).toBe('A title')
    expect(await text(titles, say('user', 'say ok'))).toBe('Saying ok')
    expect(await ask(model, [...madeUp])).toMatchObject([{ failure: { code: 'script.unmatched' } }])
  })
})

describe('scripted faults', () => {
  test('meet the first attempts at a request, and no other', async () => {
    const faults: ScriptFault[] = [
      { kind: 'status', status: 503 },
      { kind: 'status', status: 429 },
      { kind: 'cut', after: 3 },
    ]
    const model = scriptedModel('s', [{ replies: [{ text: 'whole', faults }] }])
    const hi = [say('user', 'hi')]
    expect(await ask(model, hi)).toMatchObject([{ failure: { code: 'script.status-503' }, retryable: true }])
    expect(await ask(model, [say('user', 'another')])).toMatchObject([{ failure: { code: 'script.status-503' } }])
    expect(await ask(model, hi)).toMatchObject([{ failure: { code: 'script.status-429' }, retryable: true }])
    expect(await ask(model, hi)).toMatchObject([
      { type: 'text', text: 'who' },
      { type: 'failure', failure: { code: 'script.cut' }, retryable: true },
    ])
    expect(await ask(model, hi)).toEqual([
      { type: 'text', text: 'whole' },
      { type: 'stop', reason: 'stop' },
    ])
  })

  test('a cut leaves out at least the end, and never half a call', async () => {
    const toolCalls = [{ name: 'bash', arguments: '{"a":1}' }]
    for (const after of [2, 5, 8, 9, 100]) {
      const model = scriptedModel('s', [{ replies: [{ text: 'ab', toolCalls, faults: [{ kind: 'cut', after }] }] }])
      const kinds = (await ask(model, [say('user', 'x')])).map((event) => event.type)
      const said = after < 9 ? ['text'] : ['text', 'toolCall']
      expect(kinds).toEqual(after >= 10 ? [...said, 'stop'] : [...said, 'failure'])
    }
  })

  test('words come one by one, and are the text', async () => {
    const spoken = '  one two\n\nthree '
    const events = await ask(scriptedModel('s', [{ replies: [{ text: spoken, wordMs: 0 }] }]), [say('user', 'x')])
    const words = events.flatMap((event) => (event.type === 'text' ? [event.text] : []))
    expect(words.length).toBe(3)
    expect(words.join('')).toBe(spoken)
  })
})

describe('a script file', () => {
  test('is named with the line that is wrong', () => {
    const good = '{"request": "a", "replies": [{"text": "b"}]}'
    expect(parseScript(`${good}\n\n{"replies": []}\n`, 'f.jsonl')).toMatchObject({
      ok: false,
      failure: { code: 'script.invalid', where: 'f.jsonl:3' },
    })
    expect(parseScript(`${good}\n{`, 'f.jsonl')).toMatchObject({ failure: { where: 'f.jsonl:2' } })
    expect(parseScript(`${good}\n{"request": "a", "replies": [{"text": "c"}]}`, 'f.jsonl')).toMatchObject({
      failure: { code: 'script.ambiguous', where: 'f.jsonl:2' },
    })
    expect(parseScript(`${good}\n${good}\n`, 'f.jsonl').ok).toBe(true)
  })

  test('opens as a model', async () => {
    const file = path.join(await mkdtemp(path.join(os.tmpdir(), 'limi ü-')), 's.jsonl')
    expect(await openScript('script:s', file)).toMatchObject({ ok: false, failure: { code: 'file.absent' } })
    await writeFile(file, '{"replies": [{"text": "hi"}]}\n')
    const opened = await openScript('script:s', file)
    if (!opened.ok) throw new Error(opened.failure.message)
    expect((await ask(opened.value.model, [say('user', 'x')]))[0]).toEqual({ type: 'text', text: 'hi' })
    await opened.value.close()
  })
})
