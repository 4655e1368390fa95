import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Aside, Thread } from '../../../nouns/index.js'
import { habitsNamed } from '../../agents/index.js'
import type { WireMessage } from '../../wire/index.js'
import { createAssembler } from './index.js'
import { recorded, type Exchange } from './testing/calls.js'

/** Few texts and ids, so that calls collide in every way. */
const text = fc.constantFrom(
  '',
  ' ',
  'a',
  'a b',
  'Count the files.',
  '<state_snapshot>Count the files.</state_snapshot>',
)
const id = fc.constantFrom('t1', 't2', 'call0')
const content = fc.oneof(
  text,
  fc.array(fc.oneof(fc.record({ type: fc.constant('text'), text }), fc.constant({ type: 'image', data: 'x' })), {
    maxLength: 3,
  }),
)
const toolCalls = fc.array(
  fc.record({
    id,
    name: fc.constantFrom('Bash', 'Task'),
    arguments: fc.constantFrom('', '{', '{"prompt":"Count the files."}'),
  }),
  { maxLength: 2 },
)
const answer: fc.Arbitrary<WireMessage> = fc.record({ role: fc.constant('assistant' as const), content, toolCalls })
const message: fc.Arbitrary<WireMessage> = fc.oneof(
  fc.record({ role: fc.constantFrom('user' as const, 'system' as const), content }),
  fc.record({ role: fc.constant('tool' as const), content, toolCallId: id }),
  answer,
)
const exchange = fc.record(
  {
    shown: fc.array(message, { maxLength: 6 }),
    said: answer,
    response: fc.record({ complete: fc.boolean() }),
    request: fc.record({ tools: fc.constantFrom([], [{ name: 'Task' }]), wantsSchema: fc.boolean() }),
    call: fc.record({
      identity: fc.constantFrom({}, { session: 's' }, { session: 's', subagent: 'x' }, { purpose: 'title' }),
    }),
  },
  { requiredKeys: ['shown'] },
)

/** A later request goes on from an earlier one, as often as not. */
const session = fc.array(fc.record({ exchange, from: fc.option(fc.nat(5)) }), { maxLength: 10 }).map((all) =>
  all.reduce<Exchange[]>((done, { exchange: one, from }) => {
    const before = from === null ? undefined : done[from]
    const history = before === undefined ? [] : [...before.shown, ...(before.said === undefined ? [] : [before.said])]
    return [...done, { ...one, shown: [...history, ...one.shown] }]
  }, []),
)

test('of any calls none is lost: each is a turn or an aside, once, and every thread hangs on one before it', () => {
  fc.assert(
    fc.property(session, fc.constantFrom('claude', 'qwen', 'other'), (exchanges, agent) => {
      const assembler = createAssembler(habitsNamed(agent))
      for (const [at, one] of exchanges.entries()) assembler.add(recorded(one, at + 1))
      const { threads, asides } = assembler.assembled()
      const turns = threads.flatMap(({ messages }) => messages.filter(({ origin }) => origin === 'model'))
      const told = [
        ...turns.map(({ call }) => (call?.extra?.['recorded'] as { call: string }).call),
        ...asides.map(({ extra }) => (extra?.['recorded'] as { call: string }).call),
      ]
      expect(told.sort()).toEqual(exchanges.map((_, at) => `c${at + 1}`).sort())
      for (const [at, { parent }] of threads.entries()) {
        if (parent === undefined) continue
        const of = threads.slice(0, at).find(({ id: name }) => name === parent.thread)
        expect(of).toBeDefined()
        if (parent.message !== undefined) expect(of?.messages.map((one) => one.id)).toContain(parent.message)
      }
      const ids = [...threads, ...asides].flatMap(({ messages }) => messages.map((one) => one.id))
      expect(new Set(ids).size).toBe(ids.length)
      for (const thread of threads) Thread.parse(thread)
      for (const aside of asides) Aside.parse(aside)
      expect(assembler.assembled()).toEqual({ ...assembler.assembled() })
    }),
    { numRuns: Number(process.env['LIMI_TEST_RUNS'] ?? 200) },
  )
})
