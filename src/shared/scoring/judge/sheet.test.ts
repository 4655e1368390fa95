import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { globMatcher } from './glob.js'
import { fairShares } from './limits.js'
import { sheetOf } from './sheet.js'
import { queryWith, RUBRIC, stateOf, type Rubric } from './testing/sheets.js'

const matchesGlob = (path as { matchesGlob?: (path: string, glob: string) => boolean }).matchesGlob

const rubric = (more: Partial<Rubric> = {}): Rubric => ({ kind: 'judge', rubric: RUBRIC, passAt: 1, ...more })

describe('a sheet', () => {
  it('shows what the agent added or changed, and the names of all', async () => {
    const input = await stateOf({ 'old.txt': 'old', 'src/a.ts': 'a', 'gone.txt': 'x' }, 'Done.')
    const start = await input.sandbox.snapshot()
    await input.sandbox.write('src/a.ts', 'b\u200b')
    await input.sandbox.write('__proto__', 'p')
    await input.sandbox.exec('rm gone.txt', { cwd: '.' })
    const changes = () => input.sandbox.diff(start)
    const sheet = await sheetOf({ ...input, changes }, rubric())
    expect(sheet.files).toEqual([
      { path: '__proto__', text: 'p' },
      { path: 'src/a.ts', text: 'b⟦U+200B⟧' },
    ])
    expect(sheet.names.text.split('\n')).toEqual([
      '"__proto__"  added',
      '"gone.txt"  removed',
      '"old.txt"',
      '"src/a.ts"  changed',
    ])
    expect([sheet.answer, sheet.missing]).toEqual([{ text: 'Done.' }, []])
  })

  it('shows what the globs name, and everything where it is not known what changed', async () => {
    const { sandbox, query, answer } = await stateOf({ 'a.md': '1', 'docs/b.md': '2', 'c.txt': '3' })
    const shown = async (files?: string[]) =>
      (await sheetOf({ sandbox, query, answer }, rubric(files === undefined ? {} : { files }))).files.map(
        (file) => file.path,
      )
    expect(await shown()).toEqual(['a.md', 'c.txt', 'docs/b.md'])
    expect(await shown(['docs/*'])).toEqual(['docs/b.md'])
    expect(await shown(['*.md'])).toEqual(['a.md', 'docs/b.md'])
    expect(await shown(['./a.md', '**/*.txt'])).toEqual(['a.md', 'c.txt'])
  })

  it('says what it does not show, and how much', async () => {
    const input = await stateOf(
      {
        'long.txt': 'é'.repeat(4_000),
        'short.txt': 'short',
        'image.png': new Uint8Array([137, 80, 0, 1]),
        'z.txt': 'z',
      },
      'y'.repeat(50),
    )
    await input.sandbox.exec('ln -s /etc/passwd away; ln -s nowhere broken', { cwd: '.' })
    const limits = { answerCharacters: 20, namesCharacters: 30, filesCharacters: 1_000, files: 5 }
    const sheet = await sheetOf(input, rubric(), limits)
    expect(sheet.answer).toEqual({
      text: 'y'.repeat(20),
      cut: 'cut: its first 20 characters are shown, of 50 characters in all',
    })
    expect(sheet.names.cut).toBe('4 of 6 names are left out')
    const byPath = new Map(sheet.files.map((file) => [file.path, file]))
    expect(byPath.get('short.txt')).toEqual({ path: 'short.txt', text: 'short' })
    expect(byPath.get('long.txt')?.cut).toBe('cut: its first 995 characters are shown, of 8000 bytes in all')
    expect(byPath.get('image.png')).toEqual({ path: 'image.png', text: '', cut: 'no text (4 bytes): nothing is shown' })
    expect(byPath.get('away')?.cut).toBe('it cannot be read: nothing is shown')
    expect(byPath.get('broken')?.cut).toBe('it cannot be read: nothing is shown')
    expect(sheet.missing).toEqual(['1 of 6 files are not shown: 5 are the most'])
  })

  it('is soon made of a workspace full of what cannot be seen', async () => {
    const unseen = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`u${at}`, '\u200b'.repeat(200_000)]))
    const input = await stateOf(unseen)
    const began = performance.now()
    const sheet = await sheetOf(input, rubric())
    expect(performance.now() - began).toBeLessThan(10_000)
    expect(sheet.files.every(({ cut }) => cut?.endsWith('of 600000 bytes in all'))).toBe(true)
  })

  it('shows the files that the task speaks of before any others, however many there are', async () => {
    const flood = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`a${at}.txt`, 'x'.repeat(5_000)]))
    const input = await stateOf({ ...flood, 'out/greeting.txt': 'Hello\n'.repeat(1_000) }, '', queryWith(RUBRIC))
    const sheet = await sheetOf(input, rubric())
    expect(sheet.files[0]).toEqual({ path: 'out/greeting.txt', text: 'Hello\n'.repeat(1_000) })
    expect([sheet.files.length, sheet.missing.length]).toEqual([200, 1])
    expect(sheet.files.reduce((sum, { text }) => sum + text.length, 0)).toBeLessThanOrEqual(160_000)
  })
})

describe('fair shares', () => {
  it('use all the room, give nobody more than is wanted, and never less than an equal share of what is wanted', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1_000), { minLength: 1, maxLength: 20 }), fc.nat(5_000), (wanted, whole) => {
        const shares = fairShares(wanted, whole)
        const sum = shares.reduce((a, b) => a + b, 0)
        const all = wanted.reduce((a, b) => a + b, 0)
        expect(sum).toBeLessThanOrEqual(Math.min(whole, all))
        expect(sum).toBeGreaterThan(Math.min(whole, all) - wanted.length)
        for (const [at, share] of shares.entries()) {
          expect(share).toBeLessThanOrEqual(wanted[at]!)
          expect(share).toBeGreaterThanOrEqual(Math.min(wanted[at]!, Math.floor(whole / wanted.length)))
        }
      }),
    )
  })
})

describe('a glob', () => {
  const globs = fc
    .array(fc.constantFrom('a', 'b', '.', '/', '*', '**/', '?', '{a,b}', '{a.b,?b}'), { minLength: 1, maxLength: 6 })
    .map((parts) => parts.join(''))
    // Not the same everywhere: stars that touch, empty names, and names that begin with a dot.
    .filter((glob) => glob.includes('/') && !/\*\*[^/]|[^/]\*\*|\*\*$|\/\/|^\/|\/$|(^|\/|\{|,|\})\./u.test(glob))
  const paths = fc
    .array(fc.constantFrom('a', 'b', 'a.b', 'ab', 'ba', 'c'), { minLength: 1, maxLength: 4 })
    .map((names) => names.join('/'))

  it.skipIf(matchesGlob === undefined)('fits what Node’s own matcher fits (Node from 20.17 on has one)', () => {
    fc.assert(
      fc.property(globs, paths, (glob, file) => {
        expect(globMatcher(glob)(file), `${glob} on ${file}`).toBe(matchesGlob?.(file, glob))
      }),
      { numRuns: 3_000 },
    )
  })

  it('fits names in any folder where it names no folder, and takes nothing as a pattern of its own', () => {
    expect(['x.md', 'a/b/x.md', 'x.mdx'].map(globMatcher('*.md'))).toEqual([true, true, false])
    expect(['a+b(1).txt', 'aab(1).txt'].map(globMatcher('a+b(1).txt'))).toEqual([true, false])
  })
})
