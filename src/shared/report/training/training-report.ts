/** A value at a step; null where the engine logged none that is finite. */
export interface StepValue {
  readonly step: number
  readonly value: number | null
}

/** What the page of a training run shows; null is what is not known. */
export interface TrainingReport {
  readonly run: string
  readonly state: 'running' | 'finished' | 'interrupted' | 'failed'
  readonly engine: string
  readonly base: string
  readonly dataset: string
  readonly heldOut: string | null
  /** When it was last written, ISO 8601. */
  readonly updated: string
  readonly step: number
  readonly steps: number | null
  readonly loss: readonly StepValue[]
  readonly learningRate: readonly StepValue[]
  readonly heldOutLoss: readonly StepValue[]
  readonly warnings: readonly { readonly time: string; readonly code: string; readonly text: string }[]
  readonly failure: { readonly message: string; readonly remedy?: string } | null
  /** What was said before it ran beside what came out: name, estimate, result, as text. */
  readonly figures: readonly { readonly name: string; readonly estimated: string; readonly came: string }[]
  /** The recipe, hardware and versions: a name and its value a row. */
  readonly facts: readonly { readonly name: string; readonly value: string }[]
}
