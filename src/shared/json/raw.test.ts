import fc from 'fast-check'
import { expect, it } from 'vitest'
import { rawFields, rawItems } from './index.js'

const space = fc.constantFrom('', ' ', '\n\t', '\r\n  ')
const scalar = fc.oneof(
  fc.constantFrom('1.0', '-0', '1e5', '12345678901234567890', 'true', 'null', '"\\u0041\\/"', '"a]}\\",b"'),
  fc.string({ unit: 'binary' }).map((one) => JSON.stringify(one)),
)
/** A value with white space of its own, and no comma after it. */
const value = fc.oneof(
  scalar,
  fc.tuple(space, fc.array(scalar)).map(([gap, items]) => `[${gap}${items.join(`${gap},${gap}`)}${gap}]`),
  fc
    .tuple(space, fc.array(scalar))
    .map(([gap, items]) => `{${items.map((one, at) => `"k${at}"${gap}:${one}`).join()}}`),
)

it('gives each value to the letter, where it was put', () => {
  fc.assert(
    fc.property(fc.array(value), space, (items, gap) => {
      expect(rawItems(`${gap}[${gap}${items.join(`${gap},${gap}`)}${gap}]${gap}`)).toEqual(items)
      const fields = items.map((one, at) => `"a\\u0020${at}"${gap}:${gap}${one}`)
      const map = rawFields(`{${gap}${fields.join(`${gap},${gap}`)}${gap}}`)
      expect([...map]).toEqual(items.map((one, at) => [`a ${at}`, one]))
    }),
    { numRuns: 500 },
  )
})

it('gives what is whole of a text cut anywhere', () => {
  fc.assert(
    fc.property(fc.array(value, { minLength: 1 }), space, (items, gap) => {
      const whole = `[${gap}${items.join(`,${gap}`)}]`
      for (let length = 0; length < whole.length; length += 1) {
        const found = rawItems(whole.slice(0, length))
        expect(found).toEqual(items.slice(0, found.length))
        rawFields(whole.slice(0, length).replace('[', '{'))
      }
    }),
    { numRuns: 100 },
  )
})

it('takes the last of two fields with one name, and nothing from what is neither', () => {
  expect([...rawFields('{"a":1,"a":1.0}')]).toEqual([['a', '1.0']])
  for (const text of ['', '[1]', 'x', '{a:1}', '{"a"1}']) expect(rawFields(text).size).toBe(0)
  for (const text of ['', '{}', 'x', '[', '[,1]']) expect(rawItems(text)).toEqual([])
  expect(rawItems(`[${'['.repeat(100_000)}${']'.repeat(100_000)}]`)).toHaveLength(1)
})
