import fc from 'fast-check'
import { expect } from 'vitest'
import type { WireDialect } from '../dialect.js'
import { strayIn } from './prefix.js'

/** What an arbitrary stream of a service may be written as: its events as texts of JSON, and what stands around them. */
export const framed = (events: fc.Arbitrary<readonly string[]>): fc.Arbitrary<string> =>
  fc
    .record({
      events,
      end: fc.constantFrom('\n', '\r\n', '\r'),
      space: fc.constantFrom(' ', ''),
      before: fc.constantFrom('', '\ufeff', ': hello\n\n', 'event: x\n'),
      between: fc.constantFrom('', ': keep-alive\n\n', 'id: 7\n', 'event: x\n'),
    })
    .map(({ events: texts, end, space, before, between }) => {
      const lines = texts.map((text) => `${between}data:${space}${text.replaceAll('\n', `\ndata:${space}`)}\n\n`)
      return `${before}${lines.join('')}`.replaceAll('\n', end)
    })

/** However a stream is cut, what is read of it is the beginning of what is read of all of it. */
export function isReadInCuts(dialect: WireDialect, streams: fc.Arbitrary<string>, numRuns = 12): void {
  fc.assert(
    fc.property(streams, (stream) => {
      const bytes = Buffer.from(stream)
      const whole = dialect.readResponse(stream, 200)
      for (let length = 0; length <= bytes.length; length += 1) {
        const text = bytes.toString('utf8', 0, length)
        const cut = dialect.readResponse(text, 200)
        const stray = strayIn(cut, whole)
        if (stray !== null) expect.fail(`${stray} after ${length}: ${JSON.stringify(cut)}\n${JSON.stringify(whole)}`)
      }
    }),
    { numRuns },
  )
}

/** JSON as services write it: close, or with white space. */
export const jsonOf = (values: readonly object[], gap: number): readonly string[] =>
  values.map((value) => JSON.stringify(value, null, gap))

export const pieces = fc.array(
  fc.oneof(fc.string({ unit: 'binary', maxLength: 5 }), fc.constantFrom('ü€😀', '"', '\n\n', '{"a": ', '\\u00', '}')),
  { maxLength: 4 },
)

/** Lists in one, each in its order and begun in theirs. */
export function interleaved<T>(lists: readonly (readonly T[])[], picks: readonly number[]): readonly T[] {
  const left = lists.map((list) => [...list])
  const isBegun = (at: number): boolean => left[at]?.length !== lists[at]?.length
  const all: T[] = []
  for (let step = 0; left.some((list) => list.length > 0); step += 1) {
    const open = left.filter((list, at) => list.length > 0 && (at === 0 || isBegun(at - 1)))
    const next = open[(picks[step % Math.max(1, picks.length)] ?? 0) % open.length]?.shift()
    if (next !== undefined) all.push(next)
  }
  return all
}
