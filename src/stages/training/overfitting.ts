import type { LossPoint } from '../../nouns/index.js'

/** Nats a token: the model gives each trained token a probability of 0.95, so it recites. */
const RECITES = 0.05
/** Fewer steps say too little about the training loss. */
const FEWEST_STEPS = 5

/**
 * The method's named failure, seen from the curves so far; null where there is none. Either the held-out loss has risen at two
 * evaluations in a row while the training loss fell, or the mean training loss over an epoch (at least five steps) is below 0.05.
 */
export function overfittingIn(
  loss: readonly LossPoint[],
  heldOut: readonly LossPoint[],
  stepsPerEpoch: number,
): string | null {
  return risen(loss, heldOut) ?? recited(loss, Math.max(FEWEST_STEPS, Math.ceil(stepsPerEpoch)))
}

function risen(loss: readonly LossPoint[], heldOut: readonly LossPoint[]): string | null {
  const [first, second, third] = heldOut.slice(-3)
  if (first === undefined || second === undefined || third === undefined) return null
  if (!(first.loss < second.loss && second.loss < third.loss)) return null
  const before = heldOut.at(-4)?.step ?? 0
  const [then, now] = [meanBetween(loss, before, first.step), meanBetween(loss, second.step, third.step)]
  if (then === null || now === null || now >= then) return null
  const curve = [first, second, third].map((point) => point.loss.toFixed(3)).join(' → ')
  return `overfitting: the held-out loss has risen twice (${curve}) while the training loss fell (${then.toFixed(3)} → ${now.toFixed(3)}); train fewer epochs, or add demonstrations`
}

function recited(loss: readonly LossPoint[], steps: number): string | null {
  const last = loss.slice(-steps)
  const mean = meanOf(last)
  if (mean === null || last.length < steps || mean >= RECITES) return null
  return `overfitting: the training loss is ${mean.toFixed(3)} over the last ${String(steps)} steps, so the model recites what it is taught; train fewer epochs, or add demonstrations`
}

/** Over the steps after `from`, up to and with `to`. */
const meanBetween = (loss: readonly LossPoint[], from: number, to: number): number | null =>
  meanOf(loss.filter(({ step }) => step > from && step <= to))

const meanOf = (points: readonly LossPoint[]): number | null =>
  points.length === 0 ? null : points.reduce((sum, point) => sum + point.loss, 0) / points.length
