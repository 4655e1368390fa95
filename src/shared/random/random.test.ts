import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { randomFrom } from './index.js'

const draws = (seed: string | number, n: number): number[] => {
  const random = randomFrom(seed)
  return Array.from({ length: n }, () => random.next())
}

describe('randomFrom', () => {
  it('gives the same stream for the same seed and another for another', () => {
    expect(draws('a', 20)).toEqual(draws('a', 20))
    expect(draws('a', 20)).not.toEqual(draws('b', 20))
    expect(draws(1, 20)).not.toEqual(draws('1', 20))
  })

  it('gives many words as the same stream as numbers one by one', () => {
    const words = new Uint32Array(40)
    randomFrom('w').words(words)
    const numbers = draws('w', 20)
    expect(numbers).toEqual(
      numbers.map((_, at) => ((words[2 * at]! >>> 5) * 2 ** 26 + (words[2 * at + 1]! >>> 6)) / 2 ** 53),
    )
  })

  it('keeps the stream that earlier projects drew from', () => {
    expect(draws('a', 2)).toEqual([0.9408428483668845, 0.2748066926983753])
  })

  it('is uniform: chi-square over 64 cells stays below its 99.99 % point', () => {
    const cells = new Array<number>(64).fill(0)
    const n = 64_000
    for (const value of draws(7, n)) cells[Math.floor(value * 64)]! += 1
    const chi = cells.reduce((sum, count) => sum + (count - n / 64) ** 2 / (n / 64), 0)
    expect(chi).toBeLessThan(113)
  })

  it('draws whole numbers within both bounds and reaches both', () => {
    const random = randomFrom(3)
    const seen = new Set(Array.from({ length: 500 }, () => random.int(-2, 2)))
    expect([...seen].sort((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2])
    expect(() => random.int(2, 1)).toThrow(RangeError)
    expect(() => random.pick([])).toThrow(RangeError)
  })

  it('shuffles into a permutation and leaves its input alone', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.integer()), (seed, items) => {
        const before = [...items]
        const after = randomFrom(seed).shuffle(items)
        expect(items).toEqual(before)
        expect([...after].sort((a, b) => a - b)).toEqual([...items].sort((a, b) => a - b))
      }),
    )
  })

  it('puts every order of three in about a sixth of shuffles', () => {
    const random = randomFrom(11)
    const orders = new Map<string, number>()
    for (let i = 0; i < 6000; i += 1) {
      const order = random.shuffle(['a', 'b', 'c']).join('')
      orders.set(order, (orders.get(order) ?? 0) + 1)
    }
    expect(orders.size).toBe(6)
    for (const count of orders.values()) expect(Math.abs(count - 1000)).toBeLessThan(150)
  })
})
