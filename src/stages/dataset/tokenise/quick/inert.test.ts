import { expect, it } from 'vitest'
import { INERT, isInert } from './inert.js'

const everyCharacter = function* (): Generator<string> {
  for (let code = 0; code <= 0x10ffff; code += 1) {
    if (code < 0xd800 || code > 0xdfff) yield String.fromCodePoint(code)
  }
}

it('inert characters are their own normal form, and no other character composes with one before it', () => {
  const seconds = new Set<string>()
  for (const character of everyCharacter()) {
    const [, ...rest] = character.normalize('NFD')
    for (const second of rest) seconds.add(second)
  }
  for (const [first, last] of INERT) {
    for (let code = first; code <= last; code += 1) {
      const character = String.fromCodePoint(code)
      expect(character.normalize('NFC')).toBe(character)
      expect(/\p{M}/u.test(character) && code !== 0xfe0f, character).toBe(false)
      expect(seconds.has(character), code.toString(16)).toBe(false)
    }
  }
})

it('tells texts to look at from those that stay as they are', () => {
  expect(isInert('plain é 中文 😀', 0, 11)).toBe(true)
  expect(isInert('e\u0301', 0, 2)).toBe(false)
  expect(isInert('\u1100\u1161', 0, 2)).toBe(false)
  expect(isInert('\u{1d15e}', 0, 2)).toBe(false)
  expect(isInert('abc\u0301', 0, 3)).toBe(true)
})
