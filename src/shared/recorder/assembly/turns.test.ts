import { describe, expect, test } from 'vitest'
import type { WireMessage } from '../../wire/index.js'
import { assembled, calls, lines, reasons, result, says, system, tools, user, type Exchange } from './testing/calls.js'

const SYSTEM = system('You are a program that works with tools.\nIt is Monday.')
const ASKED = [SYSTEM, user('Fix the test.')]
const LOOKS = says("I'll look.", calls('t1', 'Bash', '{"command": "ls",  "timeout": 5}'))

describe('what a model said', () => {
  test('comes from its response: text, reasoning, arguments, usage and time as they came', () => {
    const said: WireMessage = { ...LOOKS, reasoning: { text: 'First look.', kind: 'full', signature: 's' } }
    const replayed = says("I'll look.", calls('t1', 'Bash', { timeout: 5, command: 'ls' }))
    const usage = { inputTokens: 10, outputTokens: 3 }
    const { threads, usage: all } = assembled('claude', [
      { shown: ASKED, said, response: { usage, stop: 'tool-calls', model: 'exact-1', id: 'msg_1' } },
      { shown: [...ASKED, replayed, result('t1', 'a.txt')], said: says('Done.'), response: { usage } },
    ])
    expect(threads[0]?.messages[2]).toMatchObject({
      ...{ id: 'm3', origin: 'model', time: '2026-01-01T00:00:01.500Z', reasoning: said.reasoning },
      toolCalls: [{ arguments: '{"command": "ls",  "timeout": 5}' }],
      call: { model: 'exact-1', usage, stop: 'tool-calls', durationMs: 500, extra: { recorded: { call: 'c1' } } },
    })
    expect(all).toEqual({ inputTokens: 20, outputTokens: 6 })
  })

  test('is nothing that only a history holds: a session from before the recording, a prefill', () => {
    const before = [...ASKED, says('I said this earlier.'), user('Go on.')]
    const told = assembled('claude', [
      { shown: before, said: says('Now.') },
      { shown: [...before, says('Now.'), user('And?'), says('Well,')], said: says(' nothing.') },
      { shown: [...before, says('Now.'), user('And?'), says('Well, nothing.'), user('Good.')], said: says('Bye.') },
    ])
    expect(lines(told)).toEqual({
      main: [
        `agent: ${SYSTEM.content as string}`,
        'human: Fix the test.',
        'rebuilt: I said this earlier.',
        'human: Go on.',
        'model: Now.',
        'human: And?',
        'rebuilt: Well,',
        'model:  nothing.',
        'human: Good.',
        'model: Bye.',
      ],
    })
    expect(told.threads[0]?.messages[2]?.extra?.['recorded']).toHaveProperty('rebuilt')
  })

  test('stays a call of its own response where the agent mends its arguments', () => {
    const broken = says('', calls('t1', 'Bash', '{"command": "ls'))
    const told = assembled('other', [
      { shown: ASKED, said: broken },
      { shown: [...ASKED, says('', calls('t1', 'Bash', '{}')), result('t1', 'no JSON')], said: says('Sorry.') },
    ])
    expect(told.threads).toHaveLength(1)
    expect(told.threads[0]?.messages[2]).toMatchObject({
      origin: 'model',
      toolCalls: [{ arguments: '{"command": "ls' }],
    })
  })
})

describe('a request hangs on what it shows', () => {
  test('however the client writes it: marks of a cache, lists of parts, results in another order', () => {
    const two = says('Both. ', calls('t1', 'Bash', { command: 'a' }), calls('t2', 'Bash', { command: 'b' }))
    const marked: WireMessage = {
      role: 'user',
      content: [{ type: 'text', text: 'Fix the test.', cache_control: { type: 'ephemeral' } }],
    }
    const told = assembled('claude', [
      { shown: [SYSTEM, marked], said: two },
      {
        shown: [...ASKED, { ...two, content: 'Both.' }, result('t2', 'B'), result('t1', 'A')],
        said: says('Done.'),
      },
    ])
    const [main] = told.threads
    expect(main?.messages.map(({ toolCallId }) => toolCallId)).toEqual([
      undefined,
      undefined,
      undefined,
      't1',
      't2',
      undefined,
    ])
    expect(main?.messages[1]?.content).toBe('Fix the test.')
    expect(told.asides).toEqual([])
  })

  test('calls of two sessions never join, whatever they share', () => {
    const of = (session: string): Partial<Exchange> => ({ call: { identity: { session } } })
    const more = [...ASKED, says('Ok.'), user('Thanks.')]
    const told = assembled('codex', [
      { shown: ASKED, said: says('Ok.'), ...of('a') },
      { shown: ASKED, said: says('Ok.'), ...of('b') },
      { shown: more, said: says('Bye.'), ...of('b') },
      { shown: more, said: says('So long.'), ...of('a') },
    ])
    expect(Object.values(lines(told)).map((one) => one.at(-1))).toEqual(['model: So long.', 'model: Bye.'])
  })

  test('a session resumed with new ids and shortened results goes on, and says so', () => {
    const first = [...ASKED, LOOKS, result('t1', 'a very long list')]
    const again = [SYSTEM, user('Fix the test.', '<system-reminder>new day</system-reminder>')]
    const looked = says("I'll look.", calls('t1__2', 'Bash', { command: 'ls', timeout: 5 }))
    const told = assembled('qwen', [
      { shown: ASKED, said: LOOKS },
      { shown: first, said: says('Found it.') },
      {
        shown: [...again, looked, result('t1__2', '[cleared]'), says('Found it.'), user('Thanks.')],
        said: says('Bye.'),
      },
    ])
    expect(told.threads).toHaveLength(1)
    const last = told.threads[0]?.messages.at(-1)
    expect(last?.call?.extra?.['recorded']).toMatchObject({ joined: { by: 'fuzzy', measure: 'lcs', share: 1 } })
    expect(told.threads[0]?.messages[3]?.content).toBe('a very long list')
    expect(told.oddities[0]).toContain('rewritten')
  })

  test('and goes on again where it is resumed twice, each time with words of the program among the old', () => {
    const note = (day: string) => user(`<system-reminder>It is ${day} now.</system-reminder>`)
    const looked = (id: string) => [
      says("I'll look.", calls(id, 'Bash', { timeout: 5, command: 'ls' })),
      result(id, 'a.txt'),
    ]
    const first = [...ASKED, LOOKS, result('t1', 'a.txt')]
    const second = [SYSTEM, user('Fix the test.'), note('Tuesday'), ...looked('u1'), says('Found.'), user('And?')]
    const third = [SYSTEM, user('Fix the test.'), note('Friday'), note('Tuesday'), ...looked('v1'), says('Found.')]
    const told = assembled('qwen', [
      { shown: ASKED, said: LOOKS },
      { shown: first, said: says('Found.') },
      { shown: second, said: says('Fixed.') },
      { shown: [...third, user('And?'), says('Fixed.'), user('Thanks.')], said: says('Bye.') },
    ])
    expect(lines(told)).toEqual({
      main: [
        `agent: ${SYSTEM.content as string}`,
        'human: Fix the test.',
        "model: I'll look. [Bash]",
        'tool: a.txt',
        'model: Found.',
        'human: And?',
        'model: Fixed.',
        'human: Thanks.',
        'model: Bye.',
      ],
    })
  })
})

describe('of attempts', () => {
  test('the one that the next request shows is the turn', () => {
    const next = [...ASKED, says('Second.'), user('Thanks.')]
    const told = assembled('claude', [
      { shown: ASKED, call: { status: 529 }, response: { error: 'overloaded' } },
      { shown: ASKED, said: says('Seco'), response: { complete: false } },
      { shown: ASKED, said: says('Second.') },
      { shown: ASKED, said: says('Third.') },
      { shown: next, said: says('Bye.') },
    ])
    expect(lines(told)['main']).toContain('model: Second.')
    expect(reasons(told)).toEqual([
      'a failed attempt: HTTP 529',
      'a broken answer',
      'an answer that did not enter the history',
    ])
  })

  test('that say the same, the last is the one that the agent waited for', () => {
    const told = assembled('claude', [
      { shown: ASKED, said: says('Same.') },
      { shown: ASKED, said: says('Same.') },
      { shown: [...ASKED, says('Same.'), user('Thanks.')], said: says('Bye.') },
    ])
    expect(told.threads[0]?.messages[2]?.call?.extra?.['recorded']).toMatchObject({ call: 'c2' })
    expect(told.asides[0]?.extra?.['recorded']).toMatchObject({ call: 'c1' })
  })

  test('the last whole one is the turn where nothing follows; a cut one never is', () => {
    const cut: Exchange = { shown: ASKED, said: says('Fir'), response: { complete: false } }
    expect(lines(assembled('claude', [cut, { shown: ASKED, said: says('First.') }]))['main']).toContain('model: First.')
    const told = assembled('claude', [cut])
    expect(lines(told)['main']).toHaveLength(2)
    expect(told.asides[0]?.messages[0]).toMatchObject({ content: 'Fir', weight: 0 })
  })

  test('a broken one that the agent shows as far as it came is the turn, and does not train', () => {
    const told = assembled('claude', [
      { shown: ASKED, said: says('I will fix th'), response: { complete: false } },
      { shown: [...ASKED, says('I will fix'), user('[Request interrupted by user]', 'Stop.')], said: says('Ok.') },
    ])
    expect(lines(told)['main']?.slice(2)).toEqual([
      'model: I will fix th',
      'agent: [Request interrupted by user]',
      'human: Stop.',
      'model: Ok.',
    ])
    expect(told.threads[0]?.messages[2]).toMatchObject({ weight: 0 })
  })
})

describe('what Claude Code 2.1 does', () => {
  const note = system('Available agent types for the Agent tool:')
  const asked = [SYSTEM, user('<system-reminder>Monday.</system-reminder>', 'Count.'), note]

  test('runs the whole calls of an answer that broke off: it is the turn', () => {
    const cut = says('', calls('t1', 'Agent', { description: 'count', prompt: 'Count the files of kind a.' }))
    const told = assembled('claude', [
      { shown: asked, call: { status: 529 }, response: { error: 'overloaded_error' } },
      { shown: asked, said: cut, response: { complete: false } },
      { shown: [system('You are an agent for Claude Code.'), user('Count the files of kind a.')], said: says('Two.') },
      { shown: [...asked, cut, result('t1', 'Two.')], said: says('Two in all.') },
    ])
    expect(lines(told)).toEqual({
      main: [
        `agent: ${SYSTEM.content as string}`,
        'agent: <system-reminder>Monday.</system-reminder>',
        'human: Count.',
        'agent: Available agent types for the Agent tool:',
        'model:  [Agent]',
        'tool: Two.',
        'model: Two in all.',
      ],
      'agent-1': ['agent: You are an agent for Claude Code.', 'agent: Count the files of kind a.', 'model: Two.'],
    })
    expect(told.threads[0]?.messages[4]).toMatchObject({ weight: 0, call: { extra: { recorded: { cut: true } } } })
    expect(reasons(told)).toEqual(['a failed attempt: HTTP 529'])
  })
})

describe('tools and system prompts', () => {
  test('two tools of one name in two namespaces are two', () => {
    const call = (namespace: string) => ({ ...calls('call0', 'search', {}), extra: { openai: { namespace } } })
    const told = assembled('codex', [
      { shown: ASKED, said: says('I search.', call('mail')) },
      { shown: ASKED, said: says('I search.', call('web')) },
      { shown: [...ASKED, says('I search.', call('mail')), result('call0', 'none')], said: says('Nothing.') },
    ])
    expect(told.threads[0]?.messages.map(({ toolCalls }) => toolCalls?.[0]?.extra)).toContainEqual(call('mail').extra)
    expect(told.asides.map(({ messages }) => messages[0]?.toolCalls?.[0]?.extra)).toEqual([call('web').extra])
  })

  test('are told once, by digest, and may change within a session', () => {
    const later = [system('You are a program that works with tools.\nIt is Tuesday.'), ...ASKED.slice(1)]
    const told = assembled('other', [
      { shown: ASKED, said: says('Ok.') },
      { shown: [...later, says('Ok.'), user('On.')], said: says('Yes.'), request: { tools: tools('Bash') } },
    ])
    expect(Object.values(told.tools).map((list) => list.map(({ name }) => name))).toEqual([['Bash', 'Task'], ['Bash']])
    expect(told.threads).toHaveLength(1)
    const [first, second] = told.threads[0]?.messages.flatMap(({ call }) => call ?? []) ?? []
    expect(first?.tools).not.toBe(second?.tools)
    const { system: digest } = second?.extra?.['recorded'] as { system: string }
    expect(told.threads[0]?.extra?.['recorded']).toEqual({ systems: { [digest]: later[0]?.content } })
    expect(told.oddities).toEqual(['call c2: another system prompt than the first of thread main'])
  })
})
