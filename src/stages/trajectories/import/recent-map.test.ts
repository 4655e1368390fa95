import fc from 'fast-check'
import { expect, it } from 'vitest'
import { RecentMap } from './recent-map.js'

it('holds what was set last: all of the least number, and never more than a quarter more', () => {
  const sets = fc.array(fc.tuple(fc.nat(30), fc.nat()), { maxLength: 100 })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 8 }), sets, (least, all) => {
      const map = new RecentMap<number, number>(least)
      for (const [key, value] of all) map.set(key, value)
      const whole = new Map(all)
      const held = [...whole.keys()].filter((key) => map.get(key) !== undefined)
      expect(held.every((key) => map.get(key) === whole.get(key))).toBe(true)
      expect(held.length).toBeLessThanOrEqual(5 * Math.ceil(least / 4))
      for (const [key] of all.slice(-least)) expect(held).toContain(key)
    }),
  )
})
