/**
 * Ranges of characters that every Unicode normal form C keeps, whatever stands beside them: assigned long ago, no combining class,
 * no decomposition of their own but composed ones, never the second half of a composition. The first is all below U+0300.
 */
export const INERT: readonly (readonly [number, number])[] = [
  [0x0000, 0x02ff],
  [0x0410, 0x0418],
  [0x041a, 0x0438],
  [0x043a, 0x044f],
  [0x2010, 0x2027],
  [0x2030, 0x205e],
  [0x2190, 0x2328],
  [0x232b, 0x23ff],
  [0x2500, 0x27bf],
  [0x3001, 0x3029],
  [0x3041, 0x3096],
  [0x30a1, 0x30fa],
  [0x4e00, 0x9fa5],
  [0xac00, 0xd7a3],
  [0xfe0f, 0xfe0f],
  [0xff01, 0xff5e],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6c5],
]

const safe = new Uint8Array(0x10000)
for (const [first, last] of INERT) if (last <= 0xffff) safe.fill(1, first, last + 1)

/** True where normal form C surely leaves a text as it is; false where one has to look. */
export function isInert(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    if (safe[text.charCodeAt(at)] === 1) continue
    if (!isSafePair(text.codePointAt(at) ?? 0)) return false
    at += 1
  }
  return true
}

const isSafePair = (code: number): boolean =>
  INERT.some(([first, last]) => code > 0xffff && code >= first && code <= last)
