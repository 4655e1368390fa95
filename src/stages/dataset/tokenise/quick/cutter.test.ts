import fc from 'fast-check'
import { expect, it } from 'vitest'
import { openCutter } from './cutter.js'

const token = (id: number, content: string, normalized = false) => ({ id, content, normalized })

it('takes the leftmost, then the longest', () => {
  const cut = openCutter([token(1, 'ab'), token(2, 'abc'), token(3, 'bcd'), token(4, 'x')])
  expect(cut('zabcdx')).toEqual([
    { start: 0, end: 1, id: -1 },
    { start: 1, end: 4, id: 2 },
    { start: 4, end: 5, id: -1 },
    { start: 5, end: 6, id: 4 },
  ])
})

it('looks for tokens of the normalised text only in what the others leave', () => {
  const cut = openCutter([token(1, 'bc'), token(2, 'ab', true)])
  expect(cut('abc ab').map(({ id }) => id)).toEqual([-1, 1, -1, 2])
})

it('leaves nothing out and finds what a regular expression finds', () => {
  const contents = ['<a>', '<a><b>', '<b>', 'b>', '😀', '<']
  const cut = openCutter(contents.map((content, id) => token(id, content)))
  const longestFirst = [...contents].sort((a, b) => b.length - a.length)
  const pattern = new RegExp(longestFirst.join('|'), 'gu')
  const text = fc.array(fc.constantFrom('<', 'a', 'b', '>', '😀', ' ')).map((pieces) => pieces.join(''))
  fc.assert(
    fc.property(text, (given) => {
      const pieces = cut(given)
      expect(pieces.map(({ start, end }) => given.slice(start, end)).join('')).toBe(given)
      const found = pieces.filter(({ id }) => id >= 0).map(({ start, end }) => [start, given.slice(start, end)])
      expect(found).toEqual([...given.matchAll(pattern)].map((match) => [match.index, match[0]]))
    }),
  )
})
