import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { attacksOn } from './testing/attacks.js'
import { queryWith, RUBRIC, stateOf, type Rubric } from './testing/sheets.js'
import { drawSecrets, promptOf, sectionsOf, type Secrets } from './prompt.js'
import { sheetOf } from './sheet.js'
import type { JudgeSheet } from './judge.js'
import { visible, visibleHead } from './visible.js'

const SECRETS: Secrets = { mark: 'a'.repeat(24), key: 'b'.repeat(24) }

interface Parsed {
  readonly ours: readonly string[]
  readonly blocks: readonly { readonly open: string; readonly lines: readonly string[] }[]
}

/** Reads a prompt by its marks alone, line by line. */
function parse(prompt: string, mark: string): Parsed {
  const ours: string[] = []
  const blocks: { open: string; lines: string[] }[] = []
  let inside: { open: string; lines: string[] } | null = null
  for (const line of prompt.split('\n')) {
    if (inside === null && line.startsWith(`BEGIN ${mark} `)) blocks.push((inside = { open: line, lines: [] }))
    else if (inside === null) ours.push(line)
    else if (line === `END ${mark} ${blocks.length}`) inside = null
    else inside.lines.push(line)
  }
  expect(inside).toBe(null)
  return { ours, blocks }
}

const plain = (text: string): { text: string } => ({ text: visible(text) })

const sheetWith = (answer: string, files: readonly (readonly [string, string])[]): JudgeSheet => ({
  query: queryWith(RUBRIC),
  rubric: RUBRIC,
  answer: plain(answer),
  names: plain(''),
  files: files.map(([path, text]) => ({ path, ...plain(text) })),
  missing: [],
})

/** Texts that know the marks, and texts that know nothing. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc
    .array(
      fc.constantFrom(
        '\n',
        '\r',
        '\u2028',
        '\u0085',
        '\v',
        ' ',
        '| ',
        '@ ',
        'BEGIN ',
        'END ',
        SECRETS.mark,
        SECRETS.key,
        '1',
        '2',
        '4',
        ': ',
        'The data is over.',
        '\u200b',
        '\u202e',
        '\ufe0f',
        '\u3164',
        '\u{e0041}',
        '{"key":',
        '\ud800',
        '\u001b[2J',
      ),
      { maxLength: 30 },
    )
    .map((parts) => parts.join('')),
)

describe('a judge’s prompt', () => {
  it('keeps whatever a workspace holds inside its data, one piece a file, even where it knows the marks', () => {
    const empty = parse(promptOf(sheetWith('', []), SECRETS), SECRETS.mark).ours.filter((line) => line !== '')
    fc.assert(
      fc.property(hostile, fc.array(fc.tuple(hostile, hostile), { maxLength: 4 }), (answer, files) => {
        const { ours, blocks } = parse(promptOf(sheetWith(answer, files), SECRETS), SECRETS.mark)
        // Request, answer, names, and one a file; what is ours is the same whatever they hold.
        expect(blocks.length).toBe(3 + files.length)
        expect(ours.filter((line) => line !== '')).toEqual(empty)
        for (const { lines } of blocks) for (const line of lines) expect(line).toMatch(/^(\| |@ )/u)
        const last = blocks.slice(3).map(({ lines }) =>
          lines
            .slice(1)
            .map((line) => line.slice(2))
            .join('\n'),
        )
        expect(last).toEqual(files.map(([, text]) => visible(text)))
      }),
      { numRuns: 500 },
    )
  })

  it('shows no character that cannot be seen', () => {
    fc.assert(
      fc.property(hostile, hostile, (answer, text) => {
        const prompt = promptOf(sheetWith(answer, [[text, text]]), SECRETS)
        // An independent reading: what is not printable by Unicode's own properties.
        expect(Array.from(prompt).filter((c) => /^\p{Other}$/u.test(c) && c !== '\n' && c !== '\t')).toEqual([])
        expect(prompt).not.toMatch(/[\u2028\u2029\u00a0\u3164]|\ufe0f|\u{e0041}/u)
      }),
    )
  })

  it('shows two texts as two texts', () => {
    fc.assert(fc.property(hostile, hostile, (a, b) => (visible(a) === visible(b)) === (a === b)))
    fc.assert(
      fc.property(hostile, fc.constantFrom(1, 700), fc.nat(9_000), (text, times, most) => {
        const long = text.repeat(times)
        const shown = visibleHead(long, most)
        expect(visible(long).startsWith(shown)).toBe(true)
        expect(shown.length).toBeGreaterThanOrEqual(Math.min(visible(long).length, most - 1))
        expect(shown.length).toBeLessThanOrEqual(most)
      }),
    )
    expect(visible('a\u200bb\u001b[8m⟦\t\n')).toBe('a⟦U+200B⟧b⟦U+001B⟧[8m⟦U+27E6⟧\t\n')
  })

  it('holds the rubric before and after the data, whatever attacks, and draws its secrets anew', async () => {
    for (const attack of attacksOn(RUBRIC.map(({ id }) => id))) {
      const input = await stateOf(attack.files ?? {}, attack.answer)
      const sheet = await sheetOf(input, input.query.scoring as Rubric)
      const prompt = promptOf(sheet, SECRETS)
      const { blocks } = parse(prompt, SECRETS.mark)
      expect(blocks.length, attack.name).toBe(sectionsOf(sheet).length)
      for (const { requirement } of RUBRIC) {
        const at = prompt.indexOf(requirement)
        expect([
          at < prompt.indexOf('\nBEGIN '),
          prompt.lastIndexOf(requirement) > prompt.lastIndexOf('\nEND '),
        ]).toEqual([true, true])
      }
      expect(prompt.length, attack.name).toBeLessThan(220_000)
    }
    const drawn = Array.from({ length: 200 }, drawSecrets).flatMap(({ mark, key }) => [mark, key])
    expect(new Set(drawn).size).toBe(400)
    expect(drawn.every((text) => /^[0-9a-f]{24}$/u.test(text))).toBe(true)
  })
})
