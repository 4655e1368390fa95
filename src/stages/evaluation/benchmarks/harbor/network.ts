import type { TestFile } from '../../../../shared/scoring/index.js'

/** What fetches from the network, as test scripts write it. */
const FETCHES = [
  /\b(?:apt-get|apt|apk|yum|dnf)\s+(?:-\S+\s+)*(?:install|update|upgrade|add)\b/,
  /\b(?:curl|wget)\b(?!.*\b(?:localhost|127\.0\.0\.1)\b).*\bhttps?:\/\//,
  /\bpip3?\s+install\b(?!.*--no-index)/,
  /\buvx\b|\buv\s+(?:run|sync|add|pip|tool|init|python)\b/,
  /\b(?:npm|pnpm|yarn)\s+(?:install|ci|i|add|exec)\b|\bnpx\s/,
  /\bgit\s+(?:clone|fetch|pull)\b/,
  /\b(?:cargo|go|gem|conda)\s+install\b/,
]

/** The first line of some scripts that fetches from the network, with its place; null where none does. */
export function fetchesIn(files: readonly TestFile[]): string | null {
  for (const { name, content } of files) {
    if (!name.endsWith('.sh')) continue
    const lines = content.toString('utf8').split('\n')
    const at = lines.findIndex((line) => !/^\s*#/.test(line) && FETCHES.some((pattern) => pattern.test(line)))
    if (at !== -1) return `${name}:${at + 1}: ${lines[at]?.trim().slice(0, 60) ?? ''}`
  }
  return null
}
