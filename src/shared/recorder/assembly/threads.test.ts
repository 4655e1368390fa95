import { describe, expect, test } from 'vitest'
import { assembled, calls, lines, reasons, result, says, system, tools, user, type Exchange } from './testing/calls.js'

const SYSTEM = system('You are Claude Code.\nYou help with software.')
const OTHER = system('You are an agent for one task.\nReport what you find.\nBe short.')
const ASKED = [SYSTEM, user('<system-reminder>Today is Monday.</system-reminder>', 'How many files are there?')]
const task = (id: string, prompt: string) =>
  calls(id, 'Task', { description: 'count', prompt, subagent_type: 'general' })

describe('side calls', () => {
  test('titles, routers and schemas are asides; so is what a program says of its purpose', () => {
    const none = { tools: [] }
    const told = assembled('gemini', [
      { shown: [system('You are a specialized Task Routing AI.'), ASKED[1]!], said: says('{}'), request: none },
      { shown: [system('Name it.'), user('How many files are there?')], said: says('Counting'), request: none },
      { shown: ASKED, said: says('Two.') },
      { shown: [...ASKED, says('Two.'), user('Who speaks next?')], said: says('{}'), request: { wantsSchema: true } },
      { shown: [...ASKED, says('Two.'), user('Thanks.')], said: says('Bye.') },
      { shown: [...ASKED, says('Two.'), user('x')], said: says('y'), call: { identity: { purpose: 'title' } } },
    ])
    expect(Object.keys(lines(told))).toEqual(['main'])
    expect(told.threads[0]?.messages).toHaveLength(5)
    expect(reasons(told)).toEqual([
      'router: which model is to answer',
      'a side call: no tools, and nothing goes on from it',
      'a side call: its answer had to follow a schema',
      'title',
    ])
    expect(told.asides[2]?.messages.map(({ content }) => content)).toEqual(['Who speaks next?', '{}'])
  })

  test('a chat without tools is a conversation, and each question without another is one', () => {
    const none = { request: { tools: [] } }
    const told = assembled('other', [
      { shown: [user('Hello.')], said: says('Hi.'), ...none },
      { shown: [user('Hello.'), says('Hi.'), user('Bye.')], said: says('Bye.'), ...none },
      { shown: [user('What else?')], said: says('Nothing.'), ...none },
    ])
    expect(lines(told)).toEqual({
      main: ['human: Hello.', 'model: Hi.', 'human: Bye.', 'model: Bye.'],
      'session-2': ['human: What else?', 'model: Nothing.'],
    })
    expect(told.asides).toEqual([])
  })
})

describe('sub-agents', () => {
  test('hang on the call whose prompt they begin with, in parallel and within each other; no person speaks there', () => {
    const spawns = says('', task('t1', 'Count the files in a.'), task('t2', 'Count the files in b.'))
    const inner = says('', task('t3', 'Count only hidden files.'))
    const told = assembled('claude', [
      { shown: ASKED, said: spawns },
      { shown: [OTHER, user('Count the files in b.')], said: inner },
      { shown: [OTHER, user('Count the files in a.')], said: says('One.') },
      { shown: [OTHER, user('Count only hidden files.')], said: says('None.') },
      { shown: [OTHER, user('Count the files in b.'), inner, result('t3', 'None.')], said: says('Zero.') },
      { shown: [...ASKED, spawns, result('t1', 'One.'), result('t2', 'Zero.')], said: says('One file.') },
    ])
    expect(told.threads.map(({ id, parent }) => [id, parent?.thread, parent?.message, parent?.toolCall])).toEqual([
      ['main', undefined, undefined, undefined],
      ['agent-1', 'main', 'm4', 't2'],
      ['agent-2', 'main', 'm4', 't1'],
      ['agent-3', 'agent-1', 'agent-1:m3', 't3'],
    ])
    expect(lines(told)['agent-2']).toEqual([
      `agent: ${OTHER.content as string}`,
      'agent: Count the files in a.',
      'model: One.',
    ])
    expect(told.asides).toEqual([])
  })

  test('with the same prompt are one for each call, a failed attempt beside', () => {
    const spawns = says('', task('t1', 'Count the files.'), task('t2', 'Count the files.'))
    const [first, second] = [
      says('', calls('u1', 'Bash', { command: 'ls' })),
      says('', calls('u2', 'Bash', { command: 'ls' })),
    ]
    const asked = [OTHER, user('Count the files.')]
    const told = assembled('claude', [
      { shown: ASKED, said: spawns },
      { shown: asked, said: first },
      { shown: asked, call: { status: 503 } },
      { shown: asked, said: second },
      { shown: [...asked, second, result('u2', 'x')], said: says('There is just one.') },
      { shown: [...asked, first, result('u1', 'y')], said: says('There are none at all.') },
      {
        shown: [...ASKED, spawns, result('t1', 'There is just one.'), result('t2', 'There are none at all.')],
        said: says('Odd.'),
      },
    ])
    const found = told.threads.slice(1).map(({ parent, messages }) => [parent?.toolCall, messages.at(-1)?.content])
    expect(found).toEqual([
      ['t2', 'There are none at all.'],
      ['t1', 'There is just one.'],
    ])
    expect(reasons(told)).toEqual(['a failed attempt: HTTP 503'])
  })

  test('are known by a header, and by another system prompt while a call waits', () => {
    const spawns = says('', task('t1', 'Look.'))
    const sub: Partial<Exchange> = { call: { identity: { session: 's', subagent: 'a1' } } }
    const main: Partial<Exchange> = { call: { identity: { session: 's' } } }
    const named = assembled('claude', [
      { shown: ASKED, said: spawns, ...main },
      { shown: [SYSTEM, user('Something else altogether.')], said: says('Seen.'), ...sub },
    ])
    expect(named.threads[1]?.parent).toEqual({ thread: 'main', message: 'm4', relation: 'subagent', toolCall: 't1' })
    const told = assembled('claude', [
      { shown: ASKED, said: spawns },
      { shown: [OTHER, user('Something else altogether.')], said: says('Seen.') },
    ])
    expect(told.threads[1]?.parent?.toolCall).toBe('t1')
  })

  test('report to the person’s turn without being a person', () => {
    const note = '<task-notification>\n<status>completed</status>\n</task-notification>'
    const told = assembled('qwen', [
      { shown: ASKED, said: says('Started.') },
      { shown: [...ASKED, says('Started.'), user(note)], said: says('It is done.') },
    ])
    expect(lines(told)['main']?.slice(-2)).toEqual([`agent: ${note}`, 'model: It is done.'])
  })
})

describe('a history that is not the one before', () => {
  const long = [...ASKED, says('Two files, a and b.'), user('Remove a.')]

  test('after a summary goes on as a compaction, the summing call beside it', () => {
    const summary = 'The person asked for a count, got two, and then wanted a removed.'
    const text = `This session is being continued from a previous conversation.\n${summary}`
    const told = assembled('claude', [
      { shown: ASKED, said: says('Two files, a and b.') },
      { shown: long, said: says('Removed.') },
      {
        shown: [
          ...long,
          says('Removed.'),
          user('Your task is to create a detailed summary of the conversation so far'),
        ],
        said: says(`<analysis>Hm.</analysis><summary>${summary}</summary>`),
      },
      { shown: [SYSTEM, user(text), says('Understood.'), user('Now b.')], said: says('Removed b.') },
    ])
    expect(told.threads[1]?.parent).toEqual({ thread: 'main', message: 'm6', relation: 'compaction' })
    expect(lines(told)['compaction-1']).toEqual([
      `rebuilt: ${SYSTEM.content as string}`,
      `rebuilt: ${text}`,
      'rebuilt: Understood.',
      'human: Now b.',
      'model: Removed b.',
    ])
    expect(reasons(told)).toEqual(['compact: the conversation is summed up'])
  })

  test('after a summary that only the service can read goes on as a compaction, and nobody said it', () => {
    const compaction = { type: 'compaction', encrypted_content: 'gAAAA' }
    const told = assembled('codex', [
      { shown: ASKED, said: says('Two files, a and b.') },
      { shown: long, said: says('Removed.') },
      {
        shown: [...long, says('Removed.'), { role: 'user', content: [{ type: 'compaction_trigger' }] }],
        said: { role: 'assistant', content: [compaction] },
        call: { identity: { purpose: 'compaction' } },
      },
      {
        shown: [...ASKED, user('Remove a.'), { role: 'user', content: [{ ...compaction, id: null }] }, user('Now b.')],
        said: says('Removed b.'),
      },
    ])
    expect(told.threads[1]?.parent).toEqual({ thread: 'main', message: 'm5', relation: 'compaction' })
    expect(lines(told)['main']).toHaveLength(5)
    expect(lines(told)['main']?.at(-1)).toBe('model: Removed.')
    expect(told.threads[1]?.messages.slice(-3).map(({ origin, content }) => [origin, content])).toEqual([
      ['rebuilt', [{ ...compaction, id: null }]],
      ['human', 'Now b.'],
      ['model', 'Removed b.'],
    ])
    expect(reasons(told)).toEqual(['compact: the conversation is summed up'])
  })

  test('whose beginning is left out goes on as a compaction', () => {
    const whole = [...long, says('Removed a.'), user('And b?'), says('Removed b.'), user('Thanks.')]
    const told = assembled('other', [
      { shown: ASKED, said: says('Two files, a and b.') },
      { shown: long, said: says('Removed a.') },
      { shown: whole.slice(0, 6), said: says('Removed b.') },
      { shown: [SYSTEM, ...whole.slice(5)], said: says('Bye.') },
    ])
    expect(told.threads[1]?.parent?.relation).toBe('compaction')
    expect(lines(told)['compaction-1']?.slice(1)).toEqual([
      'rebuilt: And b?',
      'rebuilt: Removed b.',
      'human: Thanks.',
      'model: Bye.',
    ])
  })

  test('even where only the oldest of many turns is left out', () => {
    const turn = (at: number) => [user(`Question ${at}?`), says(`Answer ${at}.`)]
    const all = Array.from({ length: 8 }, (_, at) => turn(at)).flat()
    const told = assembled('other', [
      ...all.flatMap((said, at): Exchange[] => (at % 2 === 0 ? [] : [{ shown: [SYSTEM, ...all.slice(0, at)], said }])),
      { shown: [SYSTEM, ...all.slice(2), user('Last?')], said: says('Last.') },
    ])
    expect(told.threads.map(({ id, messages }) => [id, messages.length])).toEqual([
      ['main', 17],
      ['compaction-1', 17],
    ])
  })

  test('where the person went back is an edit', () => {
    const told = assembled('other', [
      { shown: ASKED, said: says('Two files, a and b.') },
      { shown: long, said: says('Removed.') },
      { shown: [...long.slice(0, 3), user('Keep a.')], said: says('Kept.') },
    ])
    expect(told.threads[1]).toMatchObject({ id: 'edit-1', parent: { thread: 'main', message: 'm4', relation: 'edit' } })
    expect(lines(told)['edit-1']).toEqual(['human: Keep a.', 'model: Kept.'])
    expect(lines(told)['main']?.at(-1)).toBe('model: Removed.')
  })

  test('begins anew after /clear: another root, or in the same session of a vendor an edit of the first turn', () => {
    const cleared = [SYSTEM, user('<system-reminder>Today is Monday.</system-reminder>', 'Hello again.')]
    const two = (session?: string): readonly Exchange[] =>
      [ASKED, cleared].map((shown) => ({
        shown,
        said: says('Ok.'),
        call: { identity: session === undefined ? {} : { session } },
      }))
    const anew = assembled('other', two())
    expect(anew.threads.map(({ parent }) => parent)).toEqual([undefined, undefined])
    expect(anew.oddities[0]).toContain('session-2')
    const edit = assembled('claude', two('s'))
    expect(edit.threads[1]?.parent).toEqual({ thread: 'main', message: 'm2', relation: 'edit' })
  })

  test('the same request again, once the conversation had gone on, is an edit; before, an attempt', () => {
    const more = [...ASKED, says('Two.'), user('Sure?')]
    const told = assembled('other', [
      { shown: ASKED, said: says('Two.'), request: { tools: tools('Bash') } },
      { shown: more, said: says('Yes.') },
      { shown: ASKED, said: says('Three.') },
    ])
    expect(lines(told)['edit-1']).toEqual(['model: Three.'])
  })
})

test('ends may come in any order', () => {
  const spawns = says('', task('t1', 'Count the files in a.'), task('t2', 'Count the files in b.'))
  const exchanges: readonly Exchange[] = [
    { shown: ASKED, said: spawns },
    { shown: [OTHER, user('Count the files in a.')], said: says('One.') },
    { shown: [OTHER, user('Count the files in b.')], said: says('Two.') },
  ]
  const numbered = exchanges.map((one, at): Exchange => ({ ...one, call: { id: `c${at + 1}` } }))
  const [first, second, third] = numbered as [Exchange, Exchange, Exchange]
  expect(lines(assembled('claude', [first, third, second]))).toEqual(lines(assembled('claude', numbered)))
})
