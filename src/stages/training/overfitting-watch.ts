import type { LossPoint } from '../../nouns/index.js'
import type { TrainingEvent } from './engine.js'
import { overfittingIn } from './trl/overfitting.js'

/** Warns once when the curves of a run show overfitting. */
export class OverfittingWatch {
  private readonly loss: LossPoint[] = []
  private readonly heldOut: LossPoint[] = []
  private hasWarned = false

  constructor(
    private readonly stepsPerEpoch: number,
    private readonly onEvent: (event: TrainingEvent) => void,
  ) {}

  step(point: LossPoint): void {
    this.loss.push(point)
    this.look()
  }

  measured(point: LossPoint): void {
    this.heldOut.push(point)
    this.look()
  }

  private look(): void {
    const text = this.hasWarned ? null : overfittingIn(this.loss, this.heldOut, this.stepsPerEpoch)
    if (text === null) return
    this.hasWarned = true
    this.onEvent({ type: 'warning', code: 'overfitting', text })
  }
}
