import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RubricItem } from '../../../nouns/index.js'
import { problemOfQuote } from './evidence.js'
import { jsonObjectsIn } from './json-objects.js'
import type { JudgeSheet, Shown } from './judge.js'
import { sectionsOf, type Section } from './prompt.js'
import { queryWith } from './testing/sheets.js'
import { readVerdict } from './verdict.js'

const KEY = 'k'.repeat(24)

const RUBRIC: RubricItem[] = [
  { id: 'a', weight: 1, requirement: 'x' },
  { id: 'gone', weight: 1, requirement: 'No TODO is left.', absence: true },
]

const sheetOf = (text: string, more: Partial<JudgeSheet> = {}): JudgeSheet => ({
  query: queryWith(RUBRIC),
  rubric: RUBRIC,
  answer: { text: 'I have done all of it.' },
  names: { text: '"src/a.ts"  added' },
  files: [{ path: 'src/a.ts', text }],
  missing: [],
  ...more,
})

const read = (raw: string, sheet = sheetOf('const answer = 42\n')) => readVerdict(raw, KEY, sheet, sectionsOf(sheet))

const yes = { id: 'a', met: true, from: 'src/a.ts', quote: 'const answer = 42' }
const gone = { id: 'gone', met: true, why: 'There is none.' }
const verdict = (requirements: unknown, key: unknown = KEY): string => JSON.stringify({ key, requirements })

describe('a verdict', () => {
  it('is read wherever it stands in the answer, among other objects', () => {
    const raw = `Let me see: {"a": {"b": "}"}} and {broken "\n\`\`\`json\n${verdict([yes, gone])}\n\`\`\`\nThat is all {.`
    expect(read(raw)).toEqual({
      findings: [
        { ...yes, counted: true, why: null },
        { ...gone, counted: true, from: null, quote: null },
      ],
    })
  })

  it.each([
    ['nothing', '', /no JSON object with the key/],
    ['no key', JSON.stringify({ requirements: [yes, gone] }), /no JSON object with the key/],
    ['another key', verdict([yes, gone], 'K'.repeat(24)), /no JSON object with the key/],
    ['a key that is no text', verdict([yes, gone], [KEY]), /no JSON object with the key/],
    ['two that differ', `${verdict([yes, gone])} ${verdict([{ ...yes, met: false }, gone])}`, /they differ/],
    ['no list', verdict({ a: true }), /no list of objects/],
    ['met in words', verdict([{ ...yes, met: 'yes' }, gone]), /no list of objects/],
    ['one missing', verdict([yes]), /no entry: "gone"/],
    ['one twice', verdict([yes, { ...yes, met: false }, gone]), /more than one entry/],
    ['one too many', verdict([yes, gone, { ...yes, id: 'b' }]), /not in the rubric/],
    ['a cut one', verdict([yes, gone]).slice(0, -3), /no JSON object with the key/],
    ['a very long one', 'x'.repeat(400_001), /more than 400000/],
  ])('with %s has a problem', (_, raw, problem) => {
    expect(read(raw)).toEqual({ problem: expect.stringMatching(problem) as string })
  })

  it('takes the same verdict said twice as one', () => {
    expect(read(`${verdict([yes, gone])}\n${verdict([yes, gone])}`)).toHaveProperty('findings')
  })

  it('counts a yes to an absence only where all was shown', () => {
    const cut: Shown = { text: '', cut: 'cut' }
    for (const more of [
      { missing: ['2 files'] },
      { answer: cut },
      { names: cut },
      { files: [{ path: 'src/a.ts', ...cut }] },
    ]) {
      const found = read(verdict([{ ...yes, met: false }, gone]), sheetOf('', more))
      expect(found).toMatchObject({
        findings: [{}, { id: 'gone', met: true, counted: false, problem: /not everything/ }].map((one) =>
          'problem' in one ? { ...one, problem: expect.stringMatching(one.problem!) as string } : one,
        ),
      })
    }
  })

  it('ends soon on braces without end', () => {
    const began = performance.now()
    expect(read('{'.repeat(400_000))).toHaveProperty('problem')
    expect(read('{"a":'.repeat(80_000))).toHaveProperty('problem')
    expect(performance.now() - began).toBeLessThan(8_000)
  })

  it('finds every JSON object between words', () => {
    const prose = fc.string().map((text) => text.replaceAll('{', '('))
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.dictionary(fc.string(), fc.jsonValue()), prose)), (pairs) => {
        const text = pairs.map(([value, words]) => JSON.stringify(value) + words).join('')
        expect(jsonObjectsIn(text)).toEqual(pairs.map(([value]) => JSON.parse(JSON.stringify(value)) as unknown))
      }),
    )
  })
})

describe('a quote', () => {
  const sections = (text: string): Section[] => sectionsOf(sheetOf(text))

  it('stands there wherever it was copied from, with other white space and with the marks of lines', () => {
    const line = fc
      .string({ minLength: 12, maxLength: 30 })
      .filter((text) => text.trim().length >= 8 && !/^\s*[|@]/u.test(text))
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 6 }), fc.nat(), fc.nat(), (lines, from, length) => {
        const first = from % lines.length
        const taken = lines.slice(first, first + 1 + (length % lines.length))
        const quotes = [taken.join('\n'), taken.join('  \r\n\t'), taken.map((one) => `| ${one}`).join('\n')]
        for (const quote of quotes) expect(problemOfQuote(sections(lines.join('\n')), 'src/a.ts', quote)).toBe(null)
      }),
    )
  })

  it('does not stand there where a letter differs', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z ]{20,40}$/u), fc.nat(), (text, at) => {
        const place = at % text.length
        const other = `${text.slice(0, place)}X${text.slice(place + 1)}`
        expect(problemOfQuote(sections(text), 'src/a.ts', other)).toMatch(/does not stand/u)
      }),
    )
  })

  it.each([
    [null, 'const answer = 42', /from nothing/],
    ['src/b.ts', 'const answer = 42', /from nothing/],
    ['request', 'Greet the world in greeting.txt', /from nothing/],
    ['answer', 'const answer = 42', /does not stand/],
    ['src/a.ts', null, /no evidence/],
    ['src/a.ts', ' \n', /no evidence/],
    ['src/a.ts', 'const', /too short/],
    ['src/a.ts', 'const … 42', /does not stand/],
    ['src/a.ts', '}', null],
    ['./src/a.ts', 'const answer = 42', null],
    ['"src/a.ts"', 'const answer = 42', null],
    ['list', '"src/a.ts"  added', null],
    ['answer', 'I have done all', null],
  ])('from %j: %j', (from, quote, problem) => {
    const found = problemOfQuote(sections('const answer = 42\n}\n'), from, quote)
    if (problem === null) expect(found).toBe(null)
    else expect(found).toMatch(problem)
  })
})
