import type { LossPoint } from '../../nouns/index.js'
import type { TrainingEvent, TrainingJob } from './engine.js'
import type { RunEvent } from './events.js'
import { overfittingIn } from './overfitting.js'
import { progressOf } from './progress.js'

/** Warns once a run when its curves show overfitting, whichever engine trains: what earlier attempts measured, and warned of, counts. */
export class OverfittingWatch {
  readonly #stepsPerEpoch: number
  readonly #loss: LossPoint[]
  readonly #heldOut: LossPoint[]
  #hasWarned: boolean

  constructor({ dataset, recipe }: TrainingJob, before: readonly RunEvent[]) {
    const { points, heldOut, warnings } = progressOf(before)
    this.#stepsPerEpoch = dataset.samples.length / recipe.batchSize
    this.#loss = points.flatMap(({ step, loss }) => (loss === null ? [] : [{ step, loss }]))
    this.#heldOut = [...heldOut]
    this.#hasWarned = warnings.some(({ code }) => code === OVERFITTING)
  }

  /** The warning, where this event is the first to show it. */
  look(event: TrainingEvent): TrainingEvent | null {
    if (this.#hasWarned || (event.type !== 'step' && event.type !== 'held-out')) return null
    const { type, step, loss } = event
    // A step that is made again after an interruption takes back what came after it.
    dropFrom(step, this.#heldOut)
    if (type === 'step') dropFrom(step, this.#loss)
    const curve = type === 'step' ? this.#loss : this.#heldOut
    curve.push({ step, loss })
    const text = overfittingIn(this.#loss, this.#heldOut, this.#stepsPerEpoch)
    if (text === null) return null
    this.#hasWarned = true
    return { type: 'warning', code: OVERFITTING, text }
  }
}

const OVERFITTING = 'overfitting'

function dropFrom(step: number, curve: LossPoint[]): void {
  while ((curve.at(-1)?.step ?? 0) >= step) curve.pop()
}
