import type { TestFile } from '../../../../shared/scoring/index.js'

/** What fetches from the network, as test scripts write it: each of the patterns is in the line. */
const FETCHES: readonly (readonly RegExp[])[] = [
  [/\b(?:apt-get|apt|apk|yum|dnf)\s+(?:-\S+\s+)*(?:install|update|upgrade|add)\b/],
  [/\b(?:curl|wget)\b/, /\bhttps?:\/\/(?!(?:localhost|127\.0\.0\.1)\b)/],
  [/\bpip3?\s+install\b/, /^(?!.*--no-index)/],
  [/\buvx\b|\buv\s+(?:run|sync|add|pip|tool|init|python)\b/],
  [/\b(?:npm|pnpm|yarn)\s+(?:install|ci|i|add|exec)\b|\bnpx\s/],
  [/\bgit\s+(?:clone|fetch|pull)\b/],
  [/\b(?:cargo|go|gem|conda)\s+install\b/],
]

const isFetch = (line: string): boolean => FETCHES.some((patterns) => patterns.every((pattern) => pattern.test(line)))

/** The first line of some scripts that fetches from the network, with its place; null where none does. */
export function fetchesIn(files: readonly TestFile[]): string | null {
  for (const { name, content } of files) {
    if (!name.endsWith('.sh')) continue
    const lines = content.toString('utf8').split('\n')
    const at = lines.findIndex((line) => !line.trimStart().startsWith('#') && isFetch(line))
    if (at !== -1) return `${name}:${at + 1}: ${lines[at]?.trim().slice(0, 60) ?? ''}`
  }
  return null
}
