import { raise, unsure } from './errors.js'
import { codePoints, countPoints, isPlain } from './points.js'
import { trimEnd, trimStart, WHITESPACE } from './whitespace.js'
import { isTrue, type Value } from './values.js'

type Side = 'both' | 'start' | 'end'

/** Python's `strip`: white space as Python has it, or any of the given characters. */
export function stripText(text: string, characters: string | null, side: Side): string {
  if (characters === null) {
    const started = side === 'end' ? text : trimStart(text)
    return side === 'start' ? started : trimEnd(started)
  }
  const stripped = new Set(codePoints(characters))
  const points = isPlain(text) ? text : codePoints(text)
  let [start, end] = [0, points.length]
  while (side !== 'end' && start < end && stripped.has(points[start] ?? '')) start += 1
  while (side !== 'start' && end > start && stripped.has(points[end - 1] ?? '')) end -= 1
  const kept = points.slice(start, end)
  return typeof kept === 'string' ? kept : kept.join('')
}

/** Python's `split` and `rsplit`. */
export function splitText(text: string, separator: string | null, most: number, fromEnd: boolean): readonly string[] {
  if (separator === '') return raise('empty separator')
  return separator === null ? splitWords(text, most, fromEnd) : splitAt(text, separator, most, fromEnd)
}

function splitAt(text: string, separator: string, most: number, fromEnd: boolean): readonly string[] {
  const parts = text.split(separator)
  if (most < 0 || parts.length - 1 <= most) return parts
  const cut = fromEnd ? parts.length - most : most
  const [head, tail] = [parts.slice(0, cut), parts.slice(cut)]
  return fromEnd ? [head.join(separator), ...tail] : [...head, tail.join(separator)]
}

const SPACES = new RegExp(`${WHITESPACE}+`)

function splitWords(text: string, most: number, fromEnd: boolean): readonly string[] {
  if (most < 0) return text.split(SPACES).filter((word) => word !== '')
  if (fromEnd) return unsure('rsplit at white space with a limit')
  const words: string[] = []
  let rest = trimStart(text)
  while (rest !== '' && words.length < most) {
    const [word = ''] = rest.split(SPACES, 1)
    words.push(word)
    rest = trimStart(rest.slice(word.length))
  }
  return rest === '' ? words : [...words, rest]
}

const LINE_ENDS = ['\r\n', '\n', '\v', '\f', '\r', '\u001c', '\u001d', '\u001e', '\u0085', '\u2028', '\u2029']
const LINE_END = new RegExp(LINE_ENDS.join('|'))

/** Python's `splitlines`: more line ends than `\n`, and none makes an empty last line. */
export function splitLines(text: string, keepEnds: Value = false): readonly string[] {
  if (isTrue(keepEnds)) return unsure('splitlines that keeps the line ends')
  const lines = text.split(LINE_END)
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines
}

/** Python's `replace`: an empty `old` stands between any two code points. */
export function replaceText(text: string, old: string, fresh: string, count: number): string {
  if (old === '') return insertBetween(text, fresh, count)
  if (count < 0) return text.replaceAll(old, () => fresh)
  const parts = text.split(old)
  const cut = Math.min(count, parts.length - 1)
  return [...parts.slice(0, cut), parts.slice(cut).join(old)].join(fresh)
}

function insertBetween(text: string, fresh: string, count: number): string {
  const points = codePoints(text)
  const most = count < 0 ? points.length + 1 : count
  const spread = points.map((point, index) => (index < most ? fresh + point : point)).join('')
  return points.length < most ? spread + fresh : spread
}

export function pad(text: string, width: number, fill: string, side: 'left' | 'right'): string {
  if (countPoints(fill) !== 1) return raise('The fill character must be exactly one character long')
  if (width > 10_000) return unsure(`a width of ${width}`)
  const padding = fill.repeat(Math.max(0, width - countPoints(text)))
  return side === 'left' ? padding + text : text + padding
}
