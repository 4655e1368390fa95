import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ExactJson } from './exact-json.js'
import { parseArguments, requirePrintable } from './lossless.js'

it.each([
  '{}',
  '[]',
  '{"a":1,"b":[0.5,-2,null,true],"c":"1.0"}',
  '{"7":1}',
  '"text 1e3"',
  '123',
  '{"a":"\\"1.0 NaN"}',
  '{"__proto__":1}',
  '{"a":1,"b":2,"a":3}',
  '[1e-7, 2.50, 0.00001]',
  'null',
])('takes %s as a value', (text) =>
  expect(parseArguments(text)).toEqual({ ok: true, value: JSON.parse(text) as unknown }),
)

it.each([
  '1.0',
  '{"a":1e3}',
  '12345678901234567890',
  '-0',
  '-0.0',
  '1e400',
  '{"b":1,"7":2}',
  '[{"x":{"a":1,"0":2}}]',
  'NaN',
  '{"a":-Infinity,"b":"NaN \\" Infinity"}',
])('keeps %s as its text, which JavaScript’s values would not print again', (text) =>
  expect(parseArguments(text)).toEqual({ ok: true, value: new ExactJson(text) }),
)

it.each(['', '{"a":', 'ls -l', '{a: 1}', 'NaN{}', 'Infinit', '{"a":nan}', '+1', '01'])(
  'keeps %j, which is no JSON, as text',
  (text) => expect(parseArguments(text)).toEqual({ ok: true, value: text }),
)

it('refuses an integer that Python refuses to read', () => {
  expect(parseArguments(`[${'9'.repeat(4301)}]`)).toMatchObject({
    ok: false,
    failure: { code: 'value.prints-differently' },
  })
  expect(parseArguments(`[${'9'.repeat(4300)}]`).ok).toBe(true)
})

it('a text of a million escapes is no trouble', () => {
  const text = JSON.stringify({ content: '\\"\n'.repeat(1_000_000) })
  expect(parseArguments(text)).toEqual({ ok: true, value: JSON.parse(text) as unknown })
})

it('whatever is no exact text prints back as it was written', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      const parsed = parseArguments(text)
      if (!parsed.ok) throw new Error(parsed.failure.message)
      expect(JSON.stringify(parsed.value)).toBe(JSON.stringify(JSON.parse(text)))
      // Integer-like keys and numbers are the only things that move; without any there is no need for the text.
      if (parsed.value instanceof ExactJson) expect(text).toMatch(/\d/)
    }),
  )
})

it('refuses values that were parsed long ago where how they were written matters', () => {
  expect(requirePrintable({ type: 'object', maximum: 0.5 }).ok).toBe(true)
  expect(requirePrintable([{ minimum: 1e-9, maximum: 1e15 }]).ok).toBe(true)
  expect(requirePrintable([{ minimum: -0 }])).toMatchObject({
    failure: { message: expect.stringContaining('-0') as string },
  })
  expect(requirePrintable([{ maximum: 1e21 }]).ok).toBe(false)
  expect(requirePrintable({ a: 1, '0': 2 }).ok).toBe(false)
})
