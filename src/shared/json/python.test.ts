import fc from 'fast-check'
import { expect, it } from 'vitest'
import { MAX_NESTING, parsePythonJson } from './index.js'

it('reads what JSON.parse reads, to the same value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value)
      expect(parsePythonJson(text, 'it')).toEqual({ ok: true, value: JSON.parse(text) as unknown })
    }),
  )
})

it('reads the words of Python that JSON has not, and leaves texts alone', () => {
  // json.dumps({"a": float("nan"), "b": [float("inf"), float("-inf")], "c": "NaN \\" -Infinity"})
  const text = '{"a": NaN, "b": [Infinity, -Infinity], "c": "NaN \\" -Infinity"}'
  const value = { a: 'NaN', b: ['Infinity', '-Infinity'], c: 'NaN " -Infinity' }
  expect(parsePythonJson(text, 'it')).toEqual({ ok: true, value })
})

it('refuses what is cut, and what nests too deep', () => {
  expect(parsePythonJson('{"a": NaN', 'log.json')).toMatchObject({
    failure: { code: 'json.invalid', where: 'log.json' },
  })
  const deep = `${'['.repeat(MAX_NESTING + 1)}${']'.repeat(MAX_NESTING + 1)}`
  expect(parsePythonJson(deep, 'log.json')).toMatchObject({ failure: { code: 'json.too-deep' } })
})
