/** What a reading of a job's log added. */
export interface LogPart {
  readonly lines: readonly string[]
  /** Where to go on: whole lines before it were given. */
  readonly next: number
}

const OPENING = /^\s*\{\s*"logs"\s*:\s*"/
/** More than this of new text is read in several goes, so that a huge log never lies in memory. */
const LIMIT = 4_000_000

/**
 * Reads the lines after place `from` out of `{"logs": "…"}`, the answer of Ray's `GET /api/jobs/{id}/logs`, which always holds the
 * whole log (Ray 2.60). A place counts characters of the JSON text, which only grows with the log. `isLast` gives the line that no line
 * feed ends yet too. Null where the answer is no such document, or ends before `from`.
 */
export async function readLogPart(
  chunks: AsyncIterable<Uint8Array>,
  from: number,
  isLast: boolean,
): Promise<LogPart | null> {
  const decoder = new TextDecoder()
  let head: string | null = ''
  let place = 0
  let fresh = ''
  let end = -1
  for await (const bytes of chunks) {
    let text = decoder.decode(bytes, { stream: true })
    if (head !== null) {
      head += text
      const opening = OPENING.exec(head)
      if (opening === null && head.length > 64) return null
      if (opening === null) continue
      text = head.slice(opening[0].length)
      head = null
    }
    const skipped = Math.min(text.length, Math.max(0, from - place))
    place += text.length
    const searched = fresh.length
    fresh += text.slice(skipped)
    end = closingQuote(fresh, searched)
    if (end !== -1 || fresh.length > LIMIT) break
  }
  if (head !== null || place < from) return null
  const isWhole = end !== -1 && isLast
  const cut = isWhole ? end : lastLineEnd(end === -1 ? fresh : fresh.slice(0, end))
  return { lines: linesOf(fresh.slice(0, cut)), next: from + cut }
}

/** Index of the quote that ends the string, looking from `start`; -1 where it has not come yet. */
function closingQuote(text: string, start: number): number {
  for (let at = text.indexOf('"', start); at !== -1; at = text.indexOf('"', at + 1)) {
    if (!isEscaped(text, at)) return at
  }
  return -1
}

/** Index after the last line feed, which JSON writes as `\n`; where a line is longer than any should be, it is cut between two characters. */
function lastLineEnd(text: string): number {
  for (let at = text.lastIndexOf('\\n'); at !== -1; at = text.lastIndexOf('\\n', at - 1)) {
    if (!isEscaped(text, at)) return at + 2
    if (at === 0) break
  }
  return text.length > LIMIT ? betweenCharacters(text) : 0
}

/** Near the end of a text, but not within an escape, which has six characters at most. */
function betweenCharacters(text: string): number {
  const last = text.lastIndexOf('\\')
  if (last < text.length - 6) return text.length
  return isEscaped(text, last) ? last - 1 : last
}

function isEscaped(text: string, at: number): boolean {
  let before = at
  while (before > 0 && text[before - 1] === '\\') before -= 1
  return (at - before) % 2 === 1
}

function linesOf(escaped: string): readonly string[] {
  if (escaped === '') return []
  let text: unknown
  try {
    text = JSON.parse(`"${escaped}"`)
  } catch {
    return [escaped]
  }
  const lines = String(text).split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}
