import type { ProcessEnd } from '../sandbox.js'

/** One that runs now, as the others see it. */
export interface Running {
  readonly mark: string
  /** Ends it, and says why. */
  end(limit?: ProcessEnd['limit']): void
  /** Where its process ended by itself and yet is not over, lets go of what holds it: output that nobody reads, and what it left. */
  settle(): Promise<void>
}

/** What is known of a process when it and what it started are over. */
export interface Left {
  readonly folder: string | null
  readonly metMemory: boolean
}
