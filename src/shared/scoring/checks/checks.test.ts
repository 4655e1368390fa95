import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { Query, unwrap, type Check, type Score } from '../../../nouns/index.js'
import { virtualSandboxes, type Sandbox } from '../../sandboxes/index.js'
import { NEUTRAL_FEEDBACK, scorerFor } from '../index.js'

type CheckInput = z.input<typeof Check>

const queryWith = (checks: readonly CheckInput[]): Query =>
  Query.parse({
    format: 'limi.query/1',
    id: 'q',
    request: 'do it',
    start: {},
    scoring: { kind: 'checks', checks },
    source: { kind: 'person' },
  })

const create = async (files: Record<string, string>): Promise<Sandbox> =>
  unwrap(await virtualSandboxes.create({ files }))

async function scoreOf(checks: readonly CheckInput[], files: Record<string, string>, answer = ''): Promise<Score> {
  const query = queryWith(checks)
  return unwrap(scorerFor(query)).score({ query, sandbox: await create(files), answer })
}

const file = (rest: object): CheckInput => ({ kind: 'file', id: 'f', path: 'a', ...rest })

describe('a check of a file', () => {
  test.each([
    [{ equals: 'x\n' }, 'x\n', true],
    [{ equals: 'x' }, 'x\n', false],
    [{ contains: 'b' }, 'abc', true],
    [{ contains: 'z' }, 'abc', false],
    [{ matches: '^b+$' }, 'a\nbb\nc', true],
    [{ matches: '^B+$' }, 'a\nbb\nc', false],
    [{ matches: '^\\p{L}$' }, 'ü', true],
    [{ contains: 'a', matches: 'z' }, 'abc', false],
    [{}, '', true],
    [{ exists: false }, '', false],
    [{ equals: 'x' }, null, false],
    [{ exists: false }, null, true],
  ])('%j on %j is %j', async (conditions, content, passed) => {
    const score = await scoreOf([file(conditions)], content === null ? {} : { a: content })
    expect(score.passed).toBe(passed)
    expect(score.requirements[0]?.evidence).not.toBe('')
  })

  test('a link out of the workspace is what the agent left, and fails; such a path is a mistake in the check', async () => {
    for (const exists of [true, false]) {
      const query = queryWith([file({ exists, path: 'a/b' }), file({ id: 'g', path: 'ok' })])
      const sandbox = await create({ ok: '1' })
      await sandbox.exec('ln -s /etc a', { cwd: '.' })
      const score = await unwrap(scorerFor(query)).score({ query, sandbox, answer: '' })
      expect(score.requirements.map(({ passed }) => passed)).toEqual([false, true])
      expect(score.requirements[0]?.evidence).toMatch(/leads out/u)
    }
    await expect(scoreOf([file({ path: '../x' })], {})).rejects.toThrow(/inside the workspace/u)
  })

  test('bytes that are no text satisfy no condition on text', async () => {
    const query = queryWith([file({ matches: '' })])
    const sandbox = await create({})
    await sandbox.write('a', new Uint8Array([0xff, 0xfe]))
    const score = await unwrap(scorerFor(query)).score({ query, sandbox, answer: '' })
    expect(score.requirements[0]).toMatchObject({ passed: false, evidence: 'a: not UTF-8 text, 2 bytes' })
  })
})

test('the answer and a command are looked at', async () => {
  const checks = [
    { kind: 'answer', id: 'a', contains: '42' },
    { kind: 'command', id: 'c', run: 'cat n; exit 3', exitCode: 3, equals: '7' },
    { kind: 'command', id: 'd', run: 'exit 1' },
  ] as const
  const score = await scoreOf(checks, { n: '7' }, 'It is 42.')
  expect(score.requirements.map((found) => found.passed)).toEqual([true, true, false])
})

test('a command check leaves no trace, neither for the agent nor for the next check', async () => {
  const query = queryWith([
    { kind: 'command', id: 'c', run: 'rm a; echo x > b; cd /; cd -' },
    { kind: 'file', id: 'f', path: 'b', exists: false },
    { kind: 'command', id: 'd', run: 'test -f a && test ! -f b' },
  ])
  const sandbox = await create({ a: '1', 'd/e': '' })
  await sandbox.exec('cd d')
  const before = await sandbox.snapshot()
  const score = await unwrap(scorerFor(query)).score({ query, sandbox, answer: '' })
  expect(score.passed).toBe(true)
  expect(await sandbox.diff(before)).toEqual({})
  expect((await sandbox.exec('pwd')).stdout).toBe('/workspace/d\n')
})

test('score and maximum are sums of weights; feedback is of failed checks only, each once', async () => {
  const checks = [
    file({ id: '1', weight: 3 }),
    file({ id: '2', path: 'b', weight: 2, feedback: 'b is missing.' }),
    file({ id: '3', path: 'c', feedback: 'b is missing.' }),
    file({ id: '4', path: 'd', feedback: 'd, too.' }),
  ]
  expect(await scoreOf(checks, { a: '' })).toMatchObject({
    score: 3,
    max: 7,
    passed: false,
    feedback: 'b is missing.\nd, too.',
  })
  expect((await scoreOf([file({ path: 'b' })], {})).feedback).toBe(NEUTRAL_FEEDBACK)
  expect((await scoreOf([file({ feedback: 'no' })], { a: '' })).feedback).toBeUndefined()
})

test('whatever the conditions and the text, a check agrees with plain JavaScript and its evidence is short', async () => {
  const conditions = fc.record(
    {
      equals: fc.string(),
      contains: fc.string({ maxLength: 2 }),
      matches: fc.constantFrom('a', '^$', '[b-y]+', '\\d'),
    },
    { requiredKeys: [] },
  )
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '1', '\n', 'ü', '😀'), maxLength: 600 })
  await fc.assert(
    fc.asyncProperty(conditions, text, async (given, answer) => {
      const score = await scoreOf([{ kind: 'answer', id: 'a', ...given }], {}, answer)
      const expected =
        (given.equals === undefined || answer === given.equals) &&
        (given.contains === undefined || answer.includes(given.contains)) &&
        (given.matches === undefined || new RegExp(given.matches, 'mu').test(answer))
      expect(score.passed).toBe(expected)
      expect(score.requirements[0]?.evidence.length).toBeLessThan(350)
    }),
  )
})

test('a pattern that would run for ever fails its check', async () => {
  const answer = `${'a'.repeat(60)}!`
  const score = await scoreOf([{ kind: 'answer', id: 'a', matches: '^(a+)+$' }], {}, answer)
  expect(score.requirements[0]).toMatchObject({ passed: false })
  expect(score.requirements[0]?.evidence).toMatch(/too long/)
})

test('a bad pattern and a query without scoring are said before anything runs', () => {
  expect(scorerFor(queryWith([file({ matches: '(' })]))).toMatchObject({
    ok: false,
    failure: { code: 'check.invalid', where: 'q, check f' },
  })
  expect(scorerFor({ ...queryWith([file({})]), scoring: { kind: 'none', why: 'no tests' } })).toMatchObject({
    ok: false,
    failure: { code: 'scoring.none' },
  })
})
