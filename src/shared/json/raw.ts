import { endOfString } from './nesting.js'

const SPACE = /[\s\ufeff]*/y
const SCALAR = /[^\s,\]}]*/y

/**
 * The fields of a JSON object as the text of each value, to the letter: white space, digits and escapes as they were. Of a key that is there
 * twice the last, as with `JSON.parse`. Text that is cut gives what is whole of it; text that is no object gives nothing.
 */
export function rawFields(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>()
  let at = passed(text, 0)
  if (text[at] !== '{') return fields
  for (at = passed(text, at + 1); text[at] === '"'; at = passed(text, at + 1)) {
    const keyEnd = endOfString(text, at) + 1
    const colon = passed(text, keyEnd)
    if (text[colon] !== ':') break
    const start = passed(text, colon + 1)
    const end = endOfValue(text, start)
    if (end === null) break
    fields.set(keyOf(text.slice(at, keyEnd)), text.slice(start, end))
    at = passed(text, end)
    if (text[at] !== ',') break
  }
  return fields
}

/** The elements of a JSON array as the text of each, as {@link rawFields}. */
export function rawItems(text: string): readonly string[] {
  const items: string[] = []
  let at = passed(text, 0)
  if (text[at] !== '[') return items
  for (at = passed(text, at + 1); at < text.length && text[at] !== ']'; at = passed(text, at + 1)) {
    const end = endOfValue(text, at)
    if (end === null || end === at) break
    items.push(text.slice(at, end))
    at = passed(text, end)
    if (text[at] !== ',') break
  }
  return items
}

function keyOf(quoted: string): string {
  try {
    return JSON.parse(quoted) as string
  } catch {
    return quoted
  }
}

/** Where what matches ends; expressions with the flag `y` match at their place alone. */
function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  pattern.test(text)
  return pattern.lastIndex
}

const passed = (text: string, at: number): number => endOf(SPACE, text, at)

/** Null where the text ends before the value does. */
function endOfValue(text: string, start: number): number | null {
  const first = text[start]
  if (first !== '{' && first !== '[' && first !== '"') {
    const end = endOf(SCALAR, text, start)
    return end < text.length ? end : null
  }
  let depth = 0
  for (let at = start; at < text.length; at += 1) {
    const character = text[at]
    if (character === '"') {
      at = endOfString(text, at)
      if (at === text.length) return null
    } else if (character === '{' || character === '[') depth += 1
    else if (character === '}' || character === ']') depth -= 1
    if (depth === 0) return at + 1
  }
  return null
}
