import type { Fields } from '../values.js'

/**
 * Names under which training programs note whether a message trains, the more exact ones first: OpenAI's fine-tuning (`weight`), slime
 * (`step_loss_mask`), ms-swift (`loss_scale`, `loss`), axolotl (`training`, `train`).
 */
const NAMES = ['weight', 'step_loss_mask', 'loss_scale', 'loss', 'training', 'train']

/** The factor of a message's loss, and the fields that do not say it. Of two that differ, the less exact one stays where it is. */
export function weightIn(fields: Fields): { readonly weight?: number; readonly rest: Fields } {
  const name = NAMES.find((one) => factorOf(one, fields[one]) !== undefined)
  if (name === undefined) return { rest: writable(fields) }
  const weight = factorOf(name, fields[name])
  return {
    weight,
    rest: writable(Object.fromEntries(Object.entries(fields).filter(([key, value]) => !says(key, value, weight)))),
  }
}

const says = (key: string, value: unknown, weight: number | undefined): boolean =>
  NAMES.includes(key) && (factorOf(key, value) === weight || (value === true && weight !== 0))

/** A number under `loss` may be a loss that was measured, unless it is 0 or 1. */
function factorOf(name: string, value: unknown): number | undefined {
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) return undefined
  return name !== 'loss' || value === 0 || value === 1 ? value : undefined
}

/** A factor such as 1e999 is none, and JSON has no way to write what became of it: it is kept as text. */
function writable(fields: Fields): Fields {
  const isEndless = ([key, value]: [string, unknown]): boolean =>
    NAMES.includes(key) && typeof value === 'number' && !Number.isFinite(value)
  if (!Object.entries(fields).some(isEndless)) return fields
  return Object.fromEntries(Object.entries(fields).map((one) => (isEndless(one) ? [one[0], String(one[1])] : one)))
}
