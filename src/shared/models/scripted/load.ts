import { readFile } from 'node:fs/promises'
import { isDeepStrictEqual } from 'node:util'
import { done, failed, ScriptEntry, type Result } from '../../../nouns/index.js'
import { diskFailure, parseJson } from '../../project/index.js'

/** Reads a script, one {@link ScriptEntry} a line. */
export async function loadScript(file: string): Promise<Result<readonly ScriptEntry[]>> {
  try {
    return parseScript(await readFile(file, 'utf8'), file)
  } catch (error) {
    return failed(diskFailure(error, file))
  }
}

/** A line that is no entry is `script.invalid`; two entries that answer one request differently are `script.ambiguous`. Blank lines are skipped. */
export function parseScript(text: string, file: string): Result<readonly ScriptEntry[]> {
  const entries: ScriptEntry[] = []
  const firstLines = new Map<string, { line: number; entry: ScriptEntry }>()
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const where = `${file}:${index + 1}`
    const entry = parseJson(line, ScriptEntry, where)
    if (!entry.ok)
      return failed({
        ...entry.failure,
        code: 'script.invalid',
        remedy: 'one JSON object a line: {"request", "replies"}',
      })
    const key = JSON.stringify([entry.value.request, entry.value.match])
    const first = firstLines.get(key)
    if (first !== undefined && !isDeepStrictEqual(first.entry, entry.value)) return failed(ambiguous(where, first.line))
    firstLines.set(key, { line: index + 1, entry: entry.value })
    entries.push(entry.value)
  }
  return done(entries)
}

const ambiguous = (where: string, line: number) => ({
  kind: 'input' as const,
  code: 'script.ambiguous',
  message: `this request has other replies on line ${line}`,
  where,
  remedy: 'give each request one entry',
})
