import { describe, expect, test } from 'vitest'
import { factsOf } from './dockerfile.js'
import { withoutCanary } from './harbor-task.js'
import { fetchesIn } from './network.js'

const MANY = 1 << 20

const FLOODS: readonly string[] = [
  'curl '.repeat(MANY / 5),
  'apt-get -y '.repeat(MANY / 11),
  'pip install '.repeat(MANY / 12),
  '\\\n'.repeat(MANY / 2),
  `FROM a\nRUN ${'rm " '.repeat(MANY / 5)}`,
  `FROM a\nCOPY ${'x '.repeat(MANY / 4)}\nRUN ${"rm -rf '".repeat(MANY / 16)}`,
  `FROM ${'--a '.repeat(MANY / 4)}`,
  `FROM a\nRUN ${'<<A '.repeat(MANY / 4)}`,
  `<!-- ${'canary '.repeat(MANY / 7)}`,
  'FROM a\n'.repeat(MANY / 7),
]

describe('files of a task', () => {
  test('are read in time that grows with their length alone', () => {
    for (const flood of FLOODS) {
      const began = performance.now()
      factsOf(flood)
      withoutCanary(flood)
      fetchesIn([{ name: 'test.sh', isProgram: true, content: Buffer.from(flood) }])
      expect(performance.now() - began, flood.slice(0, 40)).toBeLessThan(5000)
    }
  })
})
