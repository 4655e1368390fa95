/** Characters looked at in all, beginnings that turn out to be no object included, before a text is given up. */
const MOST_LOOKED_AT = 10_000_000

/** The JSON objects that stand in a text, outermost ones only, in order. Text between them is passed over. */
export function jsonObjectsIn(text: string): unknown[] {
  const found: unknown[] = []
  let lookedAt = 0
  for (let at = text.indexOf('{'); at >= 0 && lookedAt < MOST_LOOKED_AT;) {
    const end = endOfObject(text, at)
    const value = end === null ? undefined : parsed(text.slice(at, end))
    lookedAt += (end ?? text.length) - at
    if (value !== undefined) found.push(value)
    at = text.indexOf('{', value === undefined || end === null ? at + 1 : end)
  }
  return found
}

/** Where the object that begins here ends, by its braces outside of strings. */
function endOfObject(text: string, from: number): number | null {
  let depth = 0
  let inString = false
  for (let at = from; at < text.length; at += 1) {
    const character = text[at]
    if (inString && character === '\\') at += 1
    else if (character === '"') inString = !inString
    else if (!inString && character === '{') depth += 1
    else if (!inString && character === '}') depth -= 1
    if (depth === 0) return at + 1
  }
  return null
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
