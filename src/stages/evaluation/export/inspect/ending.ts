import { Failure, type Trial } from '../../../../nouns/index.js'
import type { ExportSource } from '../source.js'
import { isMeasured } from '../../metrics/index.js'

/** What an agent's limits are called, as an evaluation's parameters have them, and what Inspect calls those. */
const LIMITS = {
  timeout: { name: 'maxSeconds', type: 'time', unit: 'seconds' },
  budget: { name: 'maxTotalTokens', type: 'token', unit: 'tokens' },
} as const

export interface SampleLimit {
  readonly type: string
  readonly limit: number
  readonly reason: string
}

/** Whether one of the agent's limits ended a trial, which counts as it was scored. */
export const isLimited = (trial: Trial): trial is Trial & { readonly cause: keyof typeof LIMITS } =>
  isMeasured(trial) && (trial.cause === 'timeout' || trial.cause === 'budget')

/** The limit that ended a trial; null where none did, or its value is not known. */
export function limitOf(trial: Trial, parameters: ExportSource['parameters']): SampleLimit | null {
  if (!isLimited(trial)) return null
  const { name, type, unit } = LIMITS[trial.cause]
  const limits = parameters['limits']
  const limit =
    typeof limits === 'object' && limits !== null ? Object.entries(limits).find(([key]) => key === name) : null
  const value: unknown = limit?.[1]
  return typeof value === 'number' ? { type, limit: value, reason: `a round’s limit of ${value} ${unit}` } : null
}

/** Why a trial says nothing of the agent; null where it does. */
export function errorOf(trial: Trial): string | null {
  if (isMeasured(trial)) return null
  const failure = Failure.safeParse(trial['failure'])
  const told = failure.success ? `: ${failure.data.message}` : ''
  return `not measured: ${trial.cause ?? 'unknown'}${told}`
}
