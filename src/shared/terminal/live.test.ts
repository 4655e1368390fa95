import { expect, test } from 'vitest'
import { liveLines } from './index.js'

/** What a terminal of some size shows after all that was written, by the two sequences that are used; a line that wraps takes two rows. */
function screen(columns: number, rows: number) {
  const shown: string[] = []
  const write = (text: string): void => {
    for (const [, up, line] of text.matchAll(/\p{Cc}\[(\d+)A\p{Cc}\[0J|([^\n]*)\n/gu)) {
      if (up !== undefined) shown.splice(shown.length - Number(up))
      else
        for (let at = 0; at === 0 || at < (line ?? '').length; at += columns)
          shown.push((line ?? '').slice(at, at + columns))
    }
  }
  return { shown, terminal: { columns, rows, write } }
}

const cut = (text: string, columns: number): string => text.slice(0, columns)

test('what is drawn is drawn over, what is kept stays above it, and nothing is left at the end', () => {
  const { shown, terminal } = screen(20, 4)
  const live = liveLines(terminal, cut)
  live.draw(['a at work', 'b at work'])
  live.keep('first')
  expect(shown).toEqual(['first', 'a at work', 'b at work'])
  live.draw(['b goes on'])
  live.keep('second')
  expect(shown).toEqual(['first', 'second', 'b goes on'])
  live.end()
  expect(shown).toEqual(['first', 'second'])
})

test('no more is drawn than the terminal has room for', () => {
  const { shown, terminal } = screen(10, 4)
  const live = liveLines(terminal, cut)
  live.draw(Array.from({ length: 9 }, (_, at) => `${at}${'x'.repeat(30)}`))
  expect(shown).toEqual(['0', '1', '2'].map((at) => `${at}xxxxxxxx`))
  live.end()
  expect(shown).toEqual([])
})
