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

const FIELDS = [
  ...['id', 'thread', 'message', 'role', 'origin', 'content', 'round', 'time', 'reasoning', 'toolCalls', 'toolCallId'],
  ...['isError', 'call', 'weight', 'extra', 'model', 'params', 'tools', 'usage', 'stop', 'durationMs', 'parent'],
  ...['inputTokens', 'outputTokens', 'cachedInputTokens', 'reasoningTokens', 'text', 'kind', 'signature', 'relation'],
  ...['toolCall', 'name', 'arguments', 'form', 'description', 'parameters', 'digest', 'outcome', 'status', 'score'],
  ...['max', 'cause', 'by', 'type'],
]

/** A copy with one field set, of the value itself or of something inside. */
function changed(value: unknown, steps: readonly number[], field: string, to: unknown): unknown {
  if (value === null || typeof value !== 'object') return to
  const inside = Object.entries(value).filter(([, one]) => one !== null && typeof one === 'object')
  const [step = 0, ...rest] = steps
  const chosen = inside[step % (inside.length + 1)]
  if (Array.isArray(value))
    return chosen === undefined
      ? [...(value as unknown[]), to]
      : value.with(Number(chosen[0]), changed(chosen[1], rest, field, to))
  return chosen === undefined
    ? { ...value, [field]: to }
    : { ...value, [chosen[0]]: changed(chosen[1], rest, field, to) }
}

const change = fc.tuple(fc.array(fc.nat(9), { maxLength: 4 }), fc.constantFrom(...FIELDS), fc.constantFrom(...VALUES))

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

  it('says what the schema says of an event with a field changed', () => {
    const seen = { fit: 0, unfit: 0 }
    fc.assert(
      fc.property(events, fc.array(change, { minLength: 1, maxLength: 2 }), (list, changes) => {
        for (const event of list) {
          const other = changes.reduce<unknown>(
            (one, [steps, field, to]) => changed(one, steps, field, to),
            event,
          ) as Fields
          const fits = TrajectoryEvent.safeParse(other).success
          seen[fits ? 'fit' : 'unfit'] += 1
          const said = isPlainlyFit(other)
          if (said || !isLeft(other)) expect(said, JSON.stringify(other)).toBe(fits)
        }
      }),
      { numRuns: 300 },
    )
    expect(Math.min(seen.fit, seen.unfit)).toBeGreaterThan(100)
  })
})
