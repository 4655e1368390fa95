import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TrajectoryEvent } from '../../../nouns/index.js'
import { trajectory } from '../../../../test/arbitrary-trajectory.js'
import { serialiseTrajectory } from './events.js'
import { isPlainlyFit } from './plain.js'

type Fields = Record<string, unknown>
const KINDS = new Set(['message', 'thread', 'tools', 'outcome'])

/** Events as a file holds them. */
const events = trajectory.map((whole) =>
  serialiseTrajectory(whole)
    .split('\n')
    .slice(1, -1)
    .map((line) => JSON.parse(line) as Fields)
    .filter(({ type }) => KINDS.has(String(type))),
)

const VALUES: readonly unknown[] = [
  ...[undefined, null, true, 0, -0, -1, 0.5, 1e300, Number.NaN, Infinity, 2 ** 53, '', 'x', [], {}],
  ...['user', 'model', 'stop', 'full', 'edit', 'text', 'success', 'unknown'],
  ...[
    [null],
    ['x'],
    [{}],
    [{ type: 'x' }],
    [{ id: 'x', name: 'y', arguments: '{}' }],
    { constructor: null },
    { type: 'x' },
  ],
  ...[{ model: 'm' }, { inputTokens: 1, outputTokens: 1 }, { kind: 'full' }, { thread: 'main', relation: 'edit' }],
]

const usage = { inputTokens: 1, outputTokens: 2, cachedInputTokens: 0, reasoningTokens: 3 }
const call = { model: 'm', params: { a: 1 }, tools: 'd', usage, stop: 'stop', durationMs: 1.5, extra: {} }
const toolCalls = [{ id: 'c', name: 'f', arguments: '{}', form: 'json', extra: {} }]
const reasoning = { text: 'r', kind: 'full', signature: 's' }
const said = {
  id: 'm',
  role: 'assistant',
  origin: 'model',
  round: 1,
  time: 't',
  content: [{ type: 'text' }],
  reasoning,
}
const more = { toolCalls, toolCallId: 'c', isError: false, call, weight: 1, extra: {} }
/** With every field that the schema knows. */
const FULL: readonly Fields[] = [
  { type: 'message', thread: 'main', message: { ...said, ...more } },
  { type: 'thread', id: 't', parent: { thread: 'main', message: 'm', relation: 'edit', toolCall: 'c' } },
  { type: 'tools', digest: 'd', tools: [{ name: 'f', description: 'd', parameters: {} }] },
  { type: 'outcome', outcome: { status: 'success', score: 1, max: 2, by: 'checks' } },
]

/** Every copy of a value with one thing in it, anywhere, replaced by one of {@link VALUES}. */
function* changedOnce(value: unknown): Generator {
  yield* VALUES
  if (Array.isArray(value)) {
    for (const [at, one] of value.entries()) for (const other of changedOnce(one)) yield value.with(at, other)
  } else if (value !== null && typeof value === 'object') {
    for (const [key, one] of Object.entries(value))
      for (const other of changedOnce(one)) yield { ...value, [key]: other }
  }
}

/** What it leaves to the schema. */
const isLeft = (event: Fields): boolean =>
  !KINDS.has(String(event['type'])) ||
  JSON.stringify(event).includes('"constructor"') ||
  JSON.stringify(event).includes('"cause"')

describe('isPlainlyFit', () => {
  it('is true of events as they are written', () => {
    fc.assert(
      fc.property(events, (list) => {
        for (const event of list) expect(isLeft(event) || isPlainlyFit(event), JSON.stringify(event)).toBe(true)
      }),
    )
  })

  it('says what the schema says of an event in which one thing is changed', () => {
    const seen = { fit: 0, unfit: 0 }
    for (const event of FULL) {
      expect(isPlainlyFit(event)).toBe(true)
      for (const other of changedOnce(event)) {
        if (!isObject(other) || isLeft(other)) continue
        const fits = TrajectoryEvent.safeParse(other).success
        seen[fits ? 'fit' : 'unfit'] += 1
        expect(isPlainlyFit(other), JSON.stringify(other)).toBe(fits)
      }
    }
    expect(Math.min(seen.fit, seen.unfit)).toBeGreaterThan(300)
  })
})

const isObject = (value: unknown): value is Fields =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
