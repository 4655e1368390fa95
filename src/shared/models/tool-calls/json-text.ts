/** JSON as text: members and ends of values found without printing them anew, so that the model's own text is kept. */

const SPACE = /\s*/y
const STRING = /"(?:[^"\\]|\\[^])*"/y
const WORD = /[^\s,:"[\]{}]+/y

function matchAt(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : -1
}

const skipSpace = (text: string, at: number): number => matchAt(SPACE, text, at)

/** Where the value that begins at `at` ends; −1 where it does not end in the text. Brackets are counted, not checked. */
export function endOfValue(text: string, at: number): number {
  let depth = 0
  for (let place = at; place < text.length; place = skipSpace(text, place)) {
    const character = text[place] ?? ''
    if (character === '"') place = matchAt(STRING, text, place)
    else if ('{['.includes(character)) [depth, place] = [depth + 1, place + 1]
    else if ('}]'.includes(character)) [depth, place] = [depth - 1, place + 1]
    else if (',:'.includes(character)) place += 1
    else place = matchAt(WORD, text, place)
    if (depth <= 0 || place < 0) return place
  }
  return -1
}

/** Whether the text stops inside a string. */
export function endsInsideString(text: string): boolean {
  for (let place = text.indexOf('"'); place >= 0; place = text.indexOf('"', place)) {
    place = matchAt(STRING, text, place)
    if (place < 0) return true
  }
  return false
}

/** The members of an object as they are written; null where the text is no object. Of members of one name the last counts. */
export function membersOf(text: string): ReadonlyMap<string, string> | null {
  if (!isObject(text)) return null
  const members = new Map<string, string>()
  let place = skipSpace(text, skipSpace(text, 0) + 1)
  while (text[place] === '"') {
    const keyEnd = matchAt(STRING, text, place)
    const start = skipSpace(text, skipSpace(text, keyEnd) + 1)
    const end = endOfValue(text, start)
    members.set(JSON.parse(text.slice(place, keyEnd)) as string, text.slice(start, end))
    place = skipSpace(text, skipSpace(text, end) + 1)
  }
  return members
}

/** The elements of a list as they are written; null where the text is no list. */
export function elementsOf(text: string): readonly string[] | null {
  if (!Array.isArray(parsed(text))) return null
  const elements: string[] = []
  let place = skipSpace(text, skipSpace(text, 0) + 1)
  while (text[place] !== ']') {
    const end = endOfValue(text, place)
    elements.push(text.slice(place, end))
    place = skipSpace(text, end)
    if (text[place] === ',') place = skipSpace(text, place + 1)
  }
  return elements
}

/** The value of a string as it is written; null where it is none. */
export function stringIn(written: string | undefined): string | null {
  const value = written === undefined ? undefined : parsed(written)
  return typeof value === 'string' ? value : null
}

export function isObject(text: string): boolean {
  const value = parsed(text)
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Undefined where the text is no JSON. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
