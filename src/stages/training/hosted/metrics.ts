import type { JobEvent } from './api.js'

export interface Metrics {
  readonly step: number
  readonly steps: number | null
  readonly loss: number | null
  /** Over the whole held-out file. */
  readonly heldOut: number | null
  /** Over some of it. */
  readonly heldOutPart: number | null
  readonly epoch: number | null
}

/** What an event of type `metrics` measured; from its message where a service gives no data. */
export function metricsIn({ data, message }: JobEvent): Metrics | null {
  const step = numberIn(data, 'step')
  if (step === null || !Number.isInteger(step) || step < 0) return fromMessage(message)
  const metrics = {
    step,
    steps: numberIn(data, 'total_steps'),
    loss: numberIn(data, 'train_loss'),
    heldOut: numberIn(data, 'full_valid_loss'),
    heldOutPart: numberIn(data, 'valid_loss'),
    epoch: numberIn(data, 'epoch'),
  }
  return metrics.loss === null && metrics.heldOut === null && metrics.heldOutPart === null ? null : metrics
}

const numberIn = (data: JobEvent['data'], name: string): number | null => {
  const value = data?.[name]
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

const STEP = /^Step (\d+)(?:\/(\d+))?: training loss=(\d+(?:\.\d+)?)(?:, validation loss=(\d+(?:\.\d+)?))?/

function fromMessage(message: string): Metrics | null {
  const [, step, steps, loss, held] = STEP.exec(message) ?? []
  if (step === undefined || loss === undefined) return null
  return {
    step: Number(step),
    steps: steps === undefined ? null : Number(steps),
    loss: Number(loss),
    heldOut: null,
    heldOutPart: held === undefined ? null : Number(held),
    epoch: null,
  }
}
