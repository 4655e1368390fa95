import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Message, Query, ToolCall, Trajectory } from '../../../nouns/index.js'
import { digestOfValue } from '../../../shared/project/index.js'
import type { Candidate } from '../candidate.js'
import { demonstration, type Demonstration } from '../testing/demonstration.js'
import { nearDuplicates, SAME_CONVERSATION } from './duplicates.js'
import { sieveFair, sieveGood } from './index.js'
import { SAME_REQUEST } from './request.js'
import { jaccard, messagesOf, messageText, requestOf, shinglesOf, tokensOf } from './text.js'

const held = (id: string, request: string): Query => ({
  format: 'limi.query/1',
  id,
  request,
  split: 'heldout',
  tags: {},
  start: { files: {} },
  scoring: { kind: 'none', why: 'test' },
  source: { kind: 'person' },
})

const COUNT = 'Count the lines of notes.txt and write the number to count.txt.'

const reasonOf = (changes: Partial<Trajectory>, heldOut: Query[] = []): string | undefined => {
  const candidate = demonstration({ id: 'd', request: COUNT, changes })
  const fair = sieveFair([candidate], { heldOut, sources: ['built-in', 'recorded'], without: [] })
  const [found] = [...fair.excluded, ...sieveGood(fair.passed).excluded]
  return found === undefined ? undefined : `${found.reason}: ${found.detail}`
}

const withLast = (message: Partial<Message>, tools: Partial<Trajectory> = {}): Partial<Trajectory> => {
  const [thread] = demonstration({ id: 'd', request: COUNT }).trajectory.threads
  const messages = thread!.messages.map((before, at) => (at === 4 ? { ...before, ...message } : before))
  return { threads: [{ id: 'main', messages }], ...tools }
}

describe('gates', () => {
  it('let a good demonstration through', () => {
    expect(reasonOf({})).toBeUndefined()
  })

  it('name what is incomplete, imported, failed or unscored', () => {
    expect(reasonOf({ complete: false })).toMatch(/^incomplete: .*no end event/)
    expect(reasonOf({ complete: false, cutAt: 7 })).toBe('incomplete: the file cannot be read from line 7 on')
    const source = { kind: 'imported' as const, agent: 'openclaw', model: 'x', importFormat: 'openclaw' }
    expect(reasonOf({ source, outcome: { status: 'unknown', by: 'source' } })).toBe('imported: imported from openclaw')
    expect(reasonOf({ outcome: { status: 'failure', score: 0, max: 1, by: 'checks' } })).toBe(
      'check-failed: failed by checks, score 0 of 1',
    )
    expect(reasonOf({ outcome: { status: 'unknown', by: 'nobody' } })).toBe('check-failed: nothing has scored it')
  })

  it('find a call that nothing answers', () => {
    const call: ToolCall = { id: 'c1', name: 'bash', arguments: '{"command":"ls"}' }
    const messages: Message[] = [
      { id: 'm1', role: 'user', origin: 'human', content: 'List the files.' },
      { id: 'm2', role: 'assistant', origin: 'model', content: '', toolCalls: [call] },
      { id: 'm3', role: 'assistant', origin: 'model', content: 'Done.' },
    ]
    expect(reasonOf({ threads: [{ id: 'main', messages }] })).toBe('unanswered-call: call c1 of bash in message m2')
    const answer: Message = { id: 'm4', role: 'tool', origin: 'tool', content: 'a', toolCallId: 'c1' }
    const answered = [...messages.slice(0, 2), answer, ...messages.slice(2)]
    expect(reasonOf({ threads: [{ id: 'main', messages: answered }] })).toBeUndefined()
  })

  it('find a last word that is none', () => {
    expect(reasonOf(withLast({ content: ' \n' }))).toMatch(/^no-final-answer: .* empty/)
    expect(reasonOf(withLast({ content: 'Next:\n```bash\nls\n```' }))).toMatch(/^no-final-answer: .* command/)
    expect(reasonOf(withLast({ role: 'user', origin: 'tool' }))).toMatch(/^no-final-answer: .* role user/)
    expect(reasonOf({ threads: [] })).toBe('no-final-answer: it has no messages')
  })

  it('take a fence as an illustration where the agent has tools, or it holds no command', () => {
    const tools = { tools: { t: [{ name: 'bash' }] } }
    const content = 'Run it with:\n```bash\nnpm start\n```'
    expect(reasonOf(withLast({ content, call: { model: 'm', params: {}, tools: 't' } }, tools))).toBeUndefined()
    expect(reasonOf(withLast({ content: 'The file is:\n```json\n{}\n```' }))).toBeUndefined()
  })

  it('read the end of the main line, not of a sub-agent', () => {
    const [main] = demonstration({ id: 'd', request: COUNT }).trajectory.threads
    const last: Message = { id: 's1', role: 'user', origin: 'agent', content: 'Look into this.' }
    const parent = { thread: 'main', message: 'm3', relation: 'subagent' as const }
    expect(reasonOf({ threads: [main!, { id: 'sub', parent, messages: [last] }] })).toBeUndefined()
    const compaction = { ...parent, relation: 'compaction' as const }
    expect(reasonOf({ threads: [main!, { id: 'next', parent: compaction, messages: [last] }] })).toMatch(/^no-final/)
  })
})

describe('leaks', () => {
  it('are found by query, by digest and by text, whatever case and spacing', () => {
    expect(reasonOf({ query: { id: 'h1', digest: 'x' } }, [held('h1', 'Something else.')])).toMatch(
      /^leak: it answers .*h1/,
    )
    expect(reasonOf({}, [held('h2', `  ${COUNT.toUpperCase().replaceAll(' ', '\n')}`)])).toMatch(
      /^leak: .*h2 word for word/,
    )
    expect(reasonOf({}, [held('h3', 'Done')])).toMatch(/^leak: .*h3/)
  })

  it('are found by digest where the trajectory names the query by another id', () => {
    const query = held('h4', 'Something else.')
    const digest = digestOfValue(query)
    expect(reasonOf({ query: { id: 'renamed', digest } }, [held('h5', 'Other.'), query])).toBe(
      'leak: it answers the held-out query h4',
    )
    expect(reasonOf({ query: { id: 'renamed', digest: `${digest}0` } }, [query])).toBeUndefined()
  })

  it('are not other values of the same family', () => {
    const others = [
      'Count the lines of report.txt and write the number to count.txt.',
      'Count the lines of notes.txt and write the number to total.txt.',
      'Count the words of notes.txt and write the number to count.txt.',
      'How many lines are there in notes.txt? Save the number in count.txt.',
    ]
    for (const other of others) expect(reasonOf({}, [held('h', other)])).toBeUndefined()
  })

  it('are long requests with a word changed', () => {
    const words = Array.from({ length: 120 }, (_, at) => `word${at}`)
    const changes = withLast({ content: words.join(' ') })
    expect(reasonOf(changes, [held('h', words.with(60, 'other').join(' '))])).toMatch(/^leak: .*almost word for word/)
    expect(
      reasonOf(changes, [held('h', words.map((word, at) => (at % 9 === 0 ? 'other' : word)).join(' '))]),
    ).toBeUndefined()
  })
})

describe('what another selection taught', () => {
  const other = 'How many lines has notes.txt? Put the number into count.txt.'
  const asked = (id: string, request: string, query?: Trajectory['query']): Trajectory =>
    demonstration({ id, request, changes: { query } }).trajectory
  const foundIn = (trajectory: Trajectory, taught: readonly Trajectory[]) => {
    const without = [{ name: 'best', trajectories: taught }]
    const { excluded } = sieveFair([{ trajectory, digest: '' }], { heldOut: [], sources: ['built-in'], without })
    return excluded.map(({ reason, detail }) => `${reason}: ${detail}`)
  }

  it('is itself, another answer to its query by id or digest, and what was asked in its words', () => {
    const taught = [asked('t', COUNT, { id: 'q', digest: 'd' })]
    expect(foundIn(asked('t', other), taught)).toEqual(['taught: it is in best'])
    expect(foundIn(asked('u', other, { id: 'q', digest: 'edited' }), taught)).toEqual([
      'taught: it answers the query of t in best',
    ])
    expect(foundIn(asked('u', other, { id: 'renamed', digest: 'd' }), taught)).toHaveLength(1)
    expect(foundIn(asked('u', COUNT.toUpperCase(), { id: 'x', digest: 'y' }), taught)).toEqual([
      'taught: it was asked what t in best was asked',
    ])
    expect(foundIn(asked('u', COUNT), taught)).toHaveLength(1)
    expect(foundIn(asked('u', other, { id: 'x', digest: 'y' }), taught)).toEqual([])
    expect(foundIn(asked('u', COUNT.replace('notes', 'report')), taught)).toEqual([])
    expect(foundIn(asked('u', '', undefined), [asked('t', '', undefined)])).toEqual([])
  })

  it('is what comparing with each of them finds', () => {
    const word = fc.constantFrom('count', 'sort', 'a.txt', 'the', 'lines')
    const text = fc.array(word, { minLength: 1, maxLength: 8 }).map((words) => words.join(' '))
    const query = fc.option(fc.record({ id: fc.nat(5).map(String), digest: fc.nat(5).map(String) }), { nil: undefined })
    const one = fc.tuple(text, query)
    const shingles = (trajectory: Trajectory) => shinglesOf(tokensOf(requestOf(trajectory)))
    fc.assert(
      fc.property(fc.array(one, { maxLength: 10 }), one, (given, [request, of]) => {
        const taught = given.map(([said, by], at) => asked(`t${at}`, said, by))
        const probe = asked('probe', request, of)
        const shares = taught.some(
          (each) =>
            (of !== undefined && (each.query?.id === of.id || each.query?.digest === of.digest)) ||
            jaccard(shingles(each), shingles(probe)) >= SAME_REQUEST,
        )
        expect(foundIn(probe, taught)).toHaveLength(shares ? 1 : 0)
      }),
    )
  })
})

describe('near-duplicates', () => {
  const twins = (...given: Omit<Demonstration, 'id'>[]): Record<string, string> =>
    Object.fromEntries(nearDuplicates(given.map((one, at) => demonstration({ id: `d${at}`, ...one }))))

  const counted = {
    request: COUNT,
    command: 'wc -l < notes.txt > count.txt',
    answer: 'I counted the lines and wrote the number.',
  }

  it('are the same request solved the same way; the cheaper stays', () => {
    expect(twins(counted, counted)).toEqual({ d1: 'd0' })
    expect(twins({ ...counted, answer: `${counted.answer} Done.` }, counted)).toEqual({ d0: 'd1' })
  })

  it('are not other values, other wordings or another way to solve it', () => {
    const otherFile = {
      ...counted,
      request: COUNT.replace('notes', 'report'),
      command: 'wc -l < report.txt > count.txt',
    }
    const otherWords = { ...counted, request: 'How many lines has notes.txt? Put the number into count.txt.' }
    const otherWay = {
      ...counted,
      command: "awk 'END { print NR }' notes.txt | tee count.txt",
      answer: 'notes.txt has 3 lines.',
    }
    const one = {
      request: 'Show the first 3 lines of a.txt.',
      command: 'head -n 3 a.txt',
      output: 'x\ny\nz',
      answer: 'x y z',
    }
    const two = {
      request: 'Show the first 5 lines of a.txt.',
      command: 'head -n 5 a.txt',
      output: 'x\ny\nz\nu\nv',
      answer: 'x y z u v',
    }
    expect(twins(counted, otherFile, otherWords, otherWay, one, two)).toEqual({})
  })

  it('are those that comparing every pair finds', () => {
    const word = fc.constantFrom('count', 'sort', 'move', 'a.txt', 'b.txt', 'the', 'lines')
    const text = fc.array(word, { maxLength: 12 }).map((words) => words.join(' '))
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text), { maxLength: 12 }), (given) => {
        const candidates = given.map(([request, command], at) => demonstration({ id: `d${at}`, request, command }))
        const found = nearDuplicates(candidates)
        const kept = candidates.filter(({ trajectory }) => !found.has(trajectory.id))
        for (const a of kept) for (const b of kept) expect(a === b || !alike(a, b)).toBe(true)
        for (const [id, twin] of found) {
          expect(found.has(twin)).toBe(false)
          const [a, b] = [id, twin].map((name) => candidates.find(({ trajectory }) => trajectory.id === name)!)
          expect(alike(a!, b!)).toBe(true)
        }
      }),
    )
  })

  function alike(a: Candidate, b: Candidate): boolean {
    const request = ({ trajectory }: Candidate) => shinglesOf(tokensOf(requestOf(trajectory)))
    const conversation = ({ trajectory }: Candidate) =>
      shinglesOf(tokensOf(messagesOf(trajectory).slice(1).map(messageText).join('\n')))
    return (
      jaccard(request(a), request(b)) >= SAME_REQUEST && jaccard(conversation(a), conversation(b)) >= SAME_CONVERSATION
    )
  }
})
