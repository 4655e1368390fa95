/** How much a judge is shown at most. Everything beyond is left out, and said to be. */
export interface SheetLimits {
  readonly answerCharacters: number
  readonly namesCharacters: number
  /** Of all files together. */
  readonly filesCharacters: number
  readonly files: number
}

export const SHEET_LIMITS: SheetLimits = {
  answerCharacters: 20_000,
  namesCharacters: 20_000,
  filesCharacters: 160_000,
  files: 200,
}

/**
 * How much each may have of a whole: those that want less than an equal share get all they want, the others share the rest equally. So one
 * that is long takes nothing from those that are short.
 */
export function fairShares(wanted: readonly number[], whole: number): number[] {
  const shares = wanted.map(() => 0)
  const smallestFirst = wanted.map((_, at) => at).sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0))
  let left = whole
  for (const [done, at] of smallestFirst.entries()) {
    const share = Math.min(wanted[at] ?? 0, Math.floor(left / (wanted.length - done)))
    shares[at] = share
    left -= share
  }
  return shares
}
