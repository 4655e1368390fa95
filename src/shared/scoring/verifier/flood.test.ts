import { describe, expect, test } from 'vitest'
import { parsersOf } from './output.js'
import { verdictOf } from './verdict.js'

const MANY = 8 << 20
const NAMES = ['pytest', 'swebench', 'swelancer', 'mlebench', 'sweperf'] as const

/** What an agent may make tests print, or leave as a reward. */
const FLOODS: readonly string[] = [
  '='.repeat(MANY),
  ' '.repeat(MANY),
  `= short test summary info =\nPASSED ${' '.repeat(MANY)}x`,
  `= short test summary info =\n${':'.repeat(MANY)}x y`,
  'short test summary info '.repeat(MANY / 24),
  '= short test summary info '.repeat(MANY / 26),
  '1'.repeat(MANY) + 'x',
  '['.repeat(MANY),
  `{${'"a":'.repeat(MANY / 4)}`,
  'SWEBench results starts here '.repeat(MANY / 29),
]

describe('what tests print and leave', () => {
  test('is read in time that grows with its length alone', () => {
    for (const flood of FLOODS) {
      const began = performance.now()
      for (const name of NAMES) parsersOf[name](flood)
      for (const [json, text] of [
        [flood, null],
        [null, flood],
      ] as const)
        expect(verdictOf('reward', { json, text, printed: '', isWhole: true }).reward).toBe(0)
      expect(performance.now() - began, flood.slice(0, 40)).toBeLessThan(5000)
    }
  })
})
