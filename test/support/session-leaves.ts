/** Every scalar of a JSON value, as text. Text that is JSON itself counts by its own scalars too, since arguments are kept as text. */
export function leavesOf(value: unknown): string[] {
  if (value === null || value === undefined) return []
  if (typeof value !== 'object') return [typeof value === 'string' ? value : JSON.stringify(value), ...insideOf(value)]
  return Object.values(value).flatMap(leavesOf)
}

/** The scalars of a source that a trajectory holds nowhere: neither as a value nor inside a text that joins several. */
export function lostLeaves(source: unknown, kept: unknown): string[] {
  const there = new Set(leavesOf(kept))
  const long = [...there].filter((leaf) => leaf.includes('\n'))
  return [...new Set(leavesOf(source))].filter(
    (leaf) => !there.has(leaf) && !long.some((text) => leaf.length > 3 && text.includes(leaf)),
  )
}

/** The same where each scalar must be kept by itself and of its type: as JSON texts. */
export function lostScalars(source: unknown, kept: unknown): string[] {
  const there = scalarsOf(kept)
  return [...scalarsOf(source)].filter((one) => !there.has(one))
}

/** The same where a text that is a JSON object counts for what it holds, too; null is no value. */
export function lostValues(source: unknown, kept: unknown): string[] {
  const there = scalarsOf(kept, insideOfObject)
  return [...scalarsOf(source, insideOfObject)].filter((one) => one !== 'null' && !there.has(one))
}

type Inside = (value: unknown) => unknown

function scalarsOf(value: unknown, inside: Inside = () => undefined, into = new Set<string>()): Set<string> {
  if (value !== null && typeof value === 'object') for (const one of Object.values(value)) scalarsOf(one, inside, into)
  else if (value !== undefined) {
    into.add(JSON.stringify(value))
    scalarsOf(inside(value), inside, into)
  }
  return into
}

const insideOfObject: Inside = (value) =>
  typeof value === 'string' && value.startsWith('{') ? parsed(value) : undefined

const insideOf = (value: unknown): string[] =>
  typeof value === 'string' && /^\s*[[{]/.test(value) ? leavesOf(parsed(value)) : []

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
