/** A step as far as its speed goes. */
export interface TimedStep {
  /** Seen so far; null where that is not known. */
  readonly tokens: number | null
  /** When it was done, in seconds of the engine's own clock. */
  readonly at?: number | null | undefined
  /** When limi heard of it, in seconds: right only for engines that tell each step as it is done. */
  readonly heard: number
}

/** Enough to smooth samples of different length, and clocks that count whole seconds. */
const WINDOW = { steps: 10, seconds: 10 }
const LEAST_SECONDS = 1

/** Tokens a second over the last ten steps, or more where these took less than ten seconds; null before there is a second to go by. */
export function tokensPerSecond(steps: readonly TimedStep[]): number | null {
  const hasClock = typeof steps.at(-1)?.at === 'number'
  const marks = steps.flatMap(({ tokens, at, heard }) => {
    const seconds = hasClock ? at : heard
    return tokens === null || typeof seconds !== 'number' ? [] : [{ tokens, seconds }]
  })
  const last = marks.at(-1)
  if (last === undefined) return null
  const isBack = ({ seconds }: { seconds: number }, at: number): boolean =>
    marks.length - 1 - at >= WINDOW.steps && last.seconds - seconds >= WINDOW.seconds
  const first = marks.findLast(isBack) ?? marks[0] ?? last
  const seconds = last.seconds - first.seconds
  return seconds < LEAST_SECONDS ? null : (last.tokens - first.tokens) / seconds
}
