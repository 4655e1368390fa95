import fc from 'fast-check'
import { expect, it } from 'vitest'
import { openWordStore } from './word-store.js'

it('gives each word one number and its ids, as a map would', () => {
  const word = fc.oneof(fc.string({ maxLength: 3 }), fc.string({ unit: 'binary', minLength: 1, maxLength: 9000 }))
  fc.assert(
    fc.property(fc.array(word, { maxLength: 200 }), (words) => {
      const store = openWordStore()
      const seen = new Map<string, number>()
      for (const each of words) {
        const text = `x${each}y`
        const number = store.numberOf(text, 1, 1 + each.length)
        expect(number).toBe(seen.get(each) ?? seen.size)
        seen.set(each, number)
      }
      expect(store.unknown()).toEqual([...seen.keys()])
      for (const number of seen.values()) store.learn([number, number + 7])
      expect(store.unknown()).toEqual([])
      for (const number of seen.values()) {
        const ids: number[] = []
        store.appendTo(ids, number)
        expect(ids).toEqual([number, number + 7])
      }
      store.clear()
      expect(store.size).toEqual({ words: 0, units: 0 })
      expect(store.numberOf('new', 0, 3)).toBe(0)
    }),
  )
})

it('grows', () => {
  const store = openWordStore()
  for (let round = 0; round < 2; round += 1) {
    for (let index = 0; index < 20_000; index += 1)
      expect(store.numberOf(String(index), 0, String(index).length)).toBe(index)
  }
})
