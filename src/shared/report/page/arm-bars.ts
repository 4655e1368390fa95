import type { Rate } from '../../../nouns/index.js'
import { bars, type Tone } from '../charts/index.js'
import type { Markup } from '../markup.js'
import type { RunReport } from '../run-report.js'
import { rateText } from '../terminal.js'
import { decimalText } from '../text.js'
import { BASE_ARM, primaryArm } from './names.js'

export interface ArmRate {
  readonly arm: string
  readonly rate: Rate
}

/** A share of 1, a bar an arm. */
export function armBars(report: RunReport, rates: readonly ArmRate[], label: string): Markup {
  const spoken = rates.map(({ arm, rate }) => `${arm} ${rateText(rate)}`).join('; ')
  return bars(
    rates.map(({ arm, rate }) => ({
      label: arm,
      value: rate.value,
      text: rateText(rate),
      tone: toneOf(report, arm),
      ...(rate.n > 0 ? { interval: [rate.low, rate.high] as const } : {}),
    })),
    { label: `${label}: ${spoken}`, max: 1, tick: tickText },
  )
}

const toneOf = (report: RunReport, arm: string): Tone =>
  arm === BASE_ARM ? 'neutral' : arm === primaryArm(report) ? 'accent' : 'muted'

const tickText = (value: number): string => (value === 0 ? '0' : value === 1 ? '1' : decimalText(value, 1))
