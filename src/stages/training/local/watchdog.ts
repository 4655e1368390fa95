/** At the least this long without a word, before an engine counts as hung. */
export const STALL_MS = 10 * 60_000
/** Before the first step there is no measure: loading a large model and its first batch may take longer. */
const FIRST_STEP = 3
const STEPS = 20

/** Calls back once when no event came for 20 times the median step, and at least for the stated time (thrice that before the first step). */
export class Watchdog {
  private timer: NodeJS.Timeout | undefined
  private lastStepAt: number | null = null
  private readonly steps: number[] = []

  constructor(
    private readonly leastMs: number,
    private readonly onStall: (silentMs: number) => void,
  ) {
    this.arm()
  }

  /** Something was heard. */
  heard(): void {
    this.arm()
  }

  stepDone(): void {
    const now = performance.now()
    if (this.lastStepAt !== null) this.steps.push(now - this.lastStepAt)
    this.lastStepAt = now
    this.arm()
  }

  end(): void {
    clearTimeout(this.timer)
  }

  private arm(): void {
    clearTimeout(this.timer)
    const patience = this.patienceMs()
    this.timer = setTimeout(() => this.onStall(patience), patience)
  }

  private patienceMs(): number {
    if (this.lastStepAt === null) return this.leastMs * FIRST_STEP
    return Math.max(this.leastMs, STEPS * median(this.steps))
  }
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
