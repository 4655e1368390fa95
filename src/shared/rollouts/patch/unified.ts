import { editsOf, type Edit } from './edits.js'

/** Lines shown around a change. */
const CONTEXT = 3

/** The hunks of a unified diff between two texts, as `git apply` reads them; empty where they are the same. */
export function unifiedDiff(before: string, after: string): string {
  if (before === after) return ''
  const edits = editsOf(linesOf(before), linesOf(after))
  return hunksOf(edits)
    .map((hunk) => hunkText(edits, hunk))
    .join('')
}

/** Each with its line feed, where it has one. */
const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? []

interface Hunk {
  readonly start: number
  /** Exclusive. */
  readonly end: number
}

/** Changes that are at most twice the context apart share a hunk. */
function hunksOf(edits: readonly Edit[]): Hunk[] {
  const hunks: Hunk[] = []
  edits.forEach(({ kind }, at) => {
    if (kind === ' ') return
    const next = { start: Math.max(0, at - CONTEXT), end: Math.min(edits.length, at + 1 + CONTEXT) }
    const last = hunks.at(-1)
    if (last !== undefined && next.start <= last.end) hunks[hunks.length - 1] = { start: last.start, end: next.end }
    else hunks.push(next)
  })
  return hunks
}

function hunkText(edits: readonly Edit[], { start, end }: Hunk): string {
  const inside = edits.slice(start, end)
  const before = edits.slice(0, start)
  const [old, now] = [range(before, inside, '+'), range(before, inside, '-')]
  const lines = inside.map(({ kind, line }) =>
    line.endsWith('\n') ? `${kind}${line}` : `${kind}${line}\n\\ No newline at end of file\n`,
  )
  return `@@ -${old} +${now} @@\n${lines.join('')}`
}

/** First line and number of lines of one side, the other's own lines left out; an empty side begins at the line before it. */
function range(before: readonly Edit[], inside: readonly Edit[], other: Edit['kind']): string {
  const count = (edits: readonly Edit[]): number => edits.filter(({ kind }) => kind !== other).length
  const lines = count(inside)
  const first = count(before) + (lines === 0 ? 0 : 1)
  return lines === 1 ? `${first}` : `${first},${lines}`
}
