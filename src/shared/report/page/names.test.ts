import { expect, it } from 'vitest'
import { hostileReport } from '../testing/hostile.js'
import { renderRunReport } from './page.js'

/** Differs in the last letter alone, so that it is as long, sorts alike and is cut alike. */
const ordinary = (name: string): string => `${name.slice(0, -1)}q`

const pageOf = (name: string): string => renderRunReport(hostileReport(name))

it.each(['toString', 'constructor', 'hasOwnProperty', 'valueOf'])(
  'a suite, an arm or a reason called %s is shown as one of any other name is',
  (name) => {
    const other = ordinary(name)
    const expected = pageOf(other).replaceAll(other, name).replaceAll(other.toLowerCase(), name.toLowerCase())
    expect(pageOf(name)).toBe(expected)
  },
)

it('a suite, an arm or a reason called __proto__, which zod leaves out of a record, leaves the others shown', () => {
  const [page, other] = [pageOf('__proto__'), pageOf('__proto_q')]
  for (const name of ['New values', 'curated', 'random78', 'check-failed']) {
    expect(other).toContain(name)
    expect(page).toContain(name)
  }
})
