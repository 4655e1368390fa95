/** Beginnings that turn out to be no object, before a text is given up. */
const ATTEMPTS = 200

/** The JSON objects that stand in a text, outermost ones only, in order. Text between them is passed over. */
export function jsonObjectsIn(text: string): unknown[] {
  const found: unknown[] = []
  let attempts = 0
  for (let at = text.indexOf('{'); at >= 0 && attempts < ATTEMPTS;) {
    const end = endOfObject(text, at)
    const value = end === null ? undefined : parsed(text.slice(at, end))
    if (value === undefined) attempts += 1
    else found.push(value)
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
