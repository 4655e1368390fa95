import { SPACE, type Characters } from './characters.js'

export const LINE_FEED = 10
export const RETURN = 13
export const BLANK = 32
const APOSTROPHE = 39
export const SLASH = 47
/** ſ, which is an s where case is ignored. */
const LONG_S = 0x17f

export const isLineEnd = (code: number): boolean => code === LINE_FEED || code === RETURN

export const codeAt = (text: string, at: number): number => {
  const unit = text.charCodeAt(at)
  return unit >= 0xd800 && unit <= 0xdbff ? (text.codePointAt(at) ?? 0) : unit
}

export const sizeOf = (code: number): number => (code > 0xffff ? 2 : 1)

/** Where the run of characters with any of some classes that begins at `at` ends. */
export function runEnd(characters: Characters, classes: number, text: string, at: number, end: number): number {
  let place = at
  while (place < end) {
    const code = codeAt(text, place)
    if ((characters(code) & classes) === 0) break
    place += sizeOf(code)
  }
  return place
}

/** Where the run of characters with none of some classes that begins at `at` ends. */
export function runWithoutEnd(characters: Characters, classes: number, text: string, at: number, end: number): number {
  let place = at
  while (place < end) {
    const code = codeAt(text, place)
    if ((characters(code) & classes) !== 0) break
    place += sizeOf(code)
  }
  return place
}

export function lineEndsEnd(text: string, at: number, end: number): number {
  let place = at
  while (place < end && isLineEnd(text.charCodeAt(place))) place += 1
  return place
}

/** `\s+(?!\S)|\s+` at a space: all but the last of a run, unless the run ends the text or is one character. */
export function spacesEnd(characters: Characters, text: string, at: number, end: number): number {
  const run = runEnd(characters, SPACE, text, at, end)
  return run === end || run === at + 1 ? run : run - 1
}

/** `\s*[\r\n]+|\s+(?!\S)|\s+` at a space: through the last line end of a run where it has one. */
export function spacesOrLinesEnd(characters: Characters, text: string, at: number, end: number): number {
  const run = runEnd(characters, SPACE, text, at, end)
  for (let place = run; place > at; place -= 1) if (isLineEnd(text.charCodeAt(place - 1))) return place
  return run === end || run === at + 1 ? run : run - 1
}

/** Units of `'s|'t|'re|'ve|'m|'ll|'d` at `at`; 0 where there is none. */
export function contraction(text: string, at: number, end: number): number {
  if (text.charCodeAt(at) !== APOSTROPHE || at + 1 >= end) return 0
  return lengthOf(text.charCodeAt(at + 1), at + 2 < end ? text.charCodeAt(at + 2) : 0)
}

/** The same whatever the case; −1 where case folding makes it unsure. */
export function contractionInAnyCase(text: string, at: number, end: number): number {
  if (text.charCodeAt(at) !== APOSTROPHE || at + 1 >= end) return 0
  const first = text.charCodeAt(at + 1)
  if (first === LONG_S) return -1
  return lengthOf(lower(first), at + 2 < end ? lower(text.charCodeAt(at + 2)) : 0)
}

const lower = (code: number): number => (code >= 65 && code <= 90 ? code + 32 : code)

const [S, T, R, E, V, M, L, D] = Array.from('strevmld', (letter) => letter.charCodeAt(0))

function lengthOf(first: number, second: number): number {
  if (first === S || first === T || first === M || first === D) return 2
  if ((first === R || first === V) && second === E) return 3
  return first === L && second === L ? 3 : 0
}
