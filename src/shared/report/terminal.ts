import type { Rate } from '../../nouns/index.js'
import { visible } from './text.js'

let segmenter: Intl.Segmenter | undefined
/** Made where it is first needed: it takes a tenth of a small command's start. */
const graphemes = (): Intl.Segmenter => (segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' }))
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u
/** What most cells hold: a column a character. */
const plain = /^[\x20-\x7e]*$/
const empty = /^[\p{M}\p{Cf}]+$/u

/** Columns that a text takes in a terminal: 2 for East Asian wide characters and emoji, 0 for what only combines. */
export function displayWidth(text: string): number {
  if (plain.test(text)) return text.length
  let width = 0
  for (const { segment } of graphemes().segment(text)) width += empty.test(segment) ? 0 : wide.test(segment) ? 2 : 1
  return width
}

type Align = 'left' | 'right'

export interface TableOptions {
  /** By column; left where not given. */
  readonly align?: readonly Align[]
  /** Between columns; two spaces where not given. */
  readonly gap?: string
  /** Colours a cell after it was padded; its result is printed as it is. */
  readonly paint?: (cell: string, row: number, column: number) => string
}

/** Rows in aligned columns, one line each, without trailing spaces. Control characters in a cell become visible. */
export function table(rows: readonly (readonly string[])[], options: TableOptions = {}): string {
  const cells = rows.map((row) => row.map((cell) => visible(cell).replace(/\n/g, '↵').replace(/\t/g, ' ')))
  const columns = Math.max(0, ...cells.map((row) => row.length))
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(0, ...cells.map((row) => displayWidth(row[column] ?? ''))),
  )
  const paint = options.paint ?? ((cell: string) => cell)
  return cells
    .map((row, index) =>
      row
        .map((cell, column) => {
          const space = ' '.repeat((widths[column] ?? 0) - displayWidth(cell))
          if (options.align?.[column] === 'right') return space + paint(cell, index, column)
          return paint(cell, index, column) + (column === row.length - 1 ? '' : space)
        })
        .join(options.gap ?? '  '),
    )
    .join('\n')
}

/** `0.69 [0.55, 0.80] n=54` */
export function rateText(rate: Rate): string {
  if (rate.n === 0) return 'none n=0'
  return `${rate.value.toFixed(2)} [${rate.low.toFixed(2)}, ${rate.high.toFixed(2)}] n=${rate.n}`
}

const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']

/** A fraction 0–1 as a bar of at most `width` columns, to an eighth of a column. */
export function bar(fraction: number, width = 20): string {
  if (!Number.isFinite(fraction)) return ''
  const units = Math.round(Math.min(1, Math.max(0, fraction)) * width * 8)
  return '█'.repeat(Math.floor(units / 8)) + (eighths[units % 8] ?? '')
}
