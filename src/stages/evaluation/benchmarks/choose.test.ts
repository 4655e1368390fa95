import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Query, unwrap } from '../../../nouns/index.js'
import { chooseTasks, heldoutBenchmark, findBenchmark } from './index.js'

const query = (id: string, suite: string | null, scored = true): Query =>
  Query.parse({
    format: 'limi.query/1',
    id,
    request: `Do ${id}.`,
    split: 'heldout',
    tags: suite === null ? {} : { suite },
    start: {},
    scoring: scored
      ? { kind: 'checks', checks: [{ kind: 'answer', id: 'a' }] }
      : { kind: 'none', why: 'no checks yet' },
    source: { kind: 'person' },
  })

const queries = [
  ...['fix-a', 'fix-b', 'sum', 'count'].map((id) => query(id, null)),
  ...['v1', 'v2', 'v3'].map((id) => query(id, 'values')),
  query('open', null, false),
  query('odd', 'no/name'),
  { ...query('taught', null), split: 'train' as const },
]
const ours = unwrap(heldoutBenchmark(queries, 'queries'))
const idsOf = (choice: Parameters<typeof chooseTasks>[2]): string[] =>
  unwrap(chooseTasks(ours, 0, choice)).tasks.map(({ id }) => id)

describe('chooseTasks', () => {
  it('takes all held-out queries that can be scored, and names the others', () => {
    const chosen = unwrap(chooseTasks(ours, 0, {}))
    expect(chosen.tasks.map(({ id }) => id)).toEqual(['fix-a', 'fix-b', 'sum', 'count', 'v1', 'v2', 'v3'])
    expect(chosen.leftOut.map(({ id }) => id)).toEqual(['open', 'odd'])
    expect(ours.suites).toEqual(['heldout', 'values'])
  })

  it('takes ids, patterns and numbers together', () => {
    expect(idsOf({ names: ['sum'] })).toEqual(['sum'])
    expect(idsOf({ names: ['fix-*'] })).toEqual(['fix-a', 'fix-b'])
    expect(idsOf({ names: ['fix-?', 'v?'], count: {} })).toEqual(['fix-a', 'fix-b', 'v1', 'v2', 'v3'])
    expect(idsOf({ names: ['fix-*'], count: { values: 2 } })).toHaveLength(4)
    expect(idsOf({ count: { values: 3 } })).toEqual(['v1', 'v2', 'v3'])
    expect(idsOf({ names: ['*'] })).toHaveLength(7)
  })

  const wrong: readonly [Parameters<typeof chooseTasks>[2], string, RegExp][] = [
    [{ names: ['fix-c'] }, 'benchmark.task', /did you mean "fix-a"/],
    [{ names: ['sum', 'nothing*'] }, 'benchmark.task', /nothing\*/],
    [{ names: ['open'] }, 'benchmark.task', /left out: it cannot be scored: no checks yet/],
    [{ count: { value: 1 } }, 'benchmark.suite', /did you mean "values"/],
    [{ count: { __proto__x: 1 } }, 'benchmark.suite', /no suite/],
    [{ count: { values: 4 } }, 'benchmark.few', /has 3 tasks, and 4/],
    [{ names: [''] }, 'benchmark.task', /no task/],
  ]
  it.each(wrong)('refuses %j', (choice, code, message) => {
    const chosen = chooseTasks(ours, 0, choice)
    expect(chosen).toMatchObject({ ok: false, failure: { kind: 'input', code } })
    if (!chosen.ok) expect(chosen.failure.message).toMatch(message)
  })

  it('knows the tasks of a benchmark that draws them', () => {
    const shell = unwrap(findBenchmark('shell'))
    expect(unwrap(chooseTasks(shell, 0, {})).tasks).toHaveLength(60)
    const { tasks } = unwrap(chooseTasks(shell, 0, { names: ['shell-*-families-*'] }))
    expect(tasks.map(({ suite }) => suite)).toEqual(Array.from({ length: 30 }, () => 'heldOutFamilies'))
  })

  it('matches as a regular expression would, in no more time than text and pattern are long', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 12 })
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', '?'), maxLength: 8 })
    fc.assert(
      fc.property(text, pattern, (id, name) => {
        const one = unwrap(heldoutBenchmark([{ ...queries[0]!, id: `x${id}` }], ''))
        const expected = new RegExp(
          `^x${name.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll('?', '.')}$`,
        ).test(`x${id}`)
        expect(chooseTasks(one, 0, { names: [`x${name}`] }).ok).toBe(expected)
      }),
      { numRuns: 500 },
    )
    const long = unwrap(heldoutBenchmark([query('a'.repeat(100), null)], ''))
    const began = performance.now()
    expect(chooseTasks(long, 0, { names: [`${'*a'.repeat(40)}b`] }).ok).toBe(false)
    expect(performance.now() - began).toBeLessThan(500)
  })
})
