import type { ProcessEnd } from '../sandbox.js'

/** One that runs now, as the others see it. */
export interface Running {
  readonly mark: string
  /** Ends it, and says why. */
  end(limit?: ProcessEnd['limit']): void
  /** Whether the engine says that it ended, while something it left holds its output open. */
  hasEnded(): Promise<boolean>
}

/** What is known of a process when it and what it started are over. */
export interface Left {
  readonly folder: string | null
  readonly metMemory: boolean
}
