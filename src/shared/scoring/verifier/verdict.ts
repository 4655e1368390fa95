import { FailureError, type Requirement, type Scoring } from '../../../nouns/index.js'
import { parsersOf } from './output.js'

export type VerdictKind = Extract<Scoring, { kind: 'verifier' }>['verdict']

/** What a verifier left behind. */
export interface Left {
  /** `/logs/verifier/reward.json` and `reward.txt`; null where there is none. */
  readonly json: string | null
  readonly text: string | null
  /** The end of what it printed. */
  readonly printed: string
  /** Whether that is all of it. */
  readonly isWhole: boolean
}

export interface Verdict {
  /** From 0 to 1. */
  readonly reward: number
  /** Where the reward comes from, in words. */
  readonly why: string
  /** What it says besides. */
  readonly parts: readonly Requirement[]
}

/** A state without a verdict counts as failed, as it does in Harbor's and Terminal-Bench's own tables: an agent may have broken what judges it. */
export function verdictOf(kind: VerdictKind, left: Left): Verdict {
  return kind === 'reward' ? rewardOf(left) : printedVerdict(kind, left)
}

const none = (why: string): Verdict => ({ reward: 0, why, parts: [] })

function printedVerdict(kind: Exclude<VerdictKind, 'reward'>, { printed, isWhole }: Left): Verdict {
  if (!isWhole) return none('the tests printed too much to be read')
  const results = parsersOf[kind](printed)
  if (results === null || results.size === 0) return none('the tests printed no results')
  const parts = [...results].map(([id, passed]) => ({ id, passed, weight: 1, evidence: passed ? 'passed' : 'failed' }))
  const passed = parts.filter((part) => part.passed).length
  return { reward: passed === parts.length ? 1 : 0, why: `${passed} of ${parts.length} tests passed`, parts }
}

/** Harbor's order: `reward.json` first, whose reward is the number of that name or the only one. */
function rewardOf({ json, text }: Left): Verdict {
  if (json !== null) return rewardsIn(json)
  if (text === null) return none('the tests wrote no reward')
  const value = numberIn(text)
  return value === null ? none(`reward.txt holds no number: ${shown(text)}`) : ranged(value, `reward.txt: ${value}`, [])
}

function rewardsIn(json: string): Verdict {
  const rewards = numbersIn(json)
  if (rewards === null) return none(`reward.json holds no numbers by name: ${shown(json)}`)
  const value = rewards.get('reward') ?? (rewards.size === 1 ? [...rewards.values()][0] : undefined)
  if (value === undefined) throw new FailureError(noReward([...rewards.keys()]))
  const parts = [...rewards].map(([id, number]) => ({
    ...{ id, passed: number >= 1, weight: 0, evidence: String(number) },
  }))
  return ranged(value, `reward.json: ${value}`, rewards.size === 1 ? [] : parts)
}

function ranged(value: number, why: string, parts: readonly Requirement[]): Verdict {
  if (value < 0 || value > 1) throw new FailureError(outOfRange(value))
  return { reward: value, why, parts }
}

const LONGEST_NUMBER = 100
const MOST_NUMBERS = 1000

/** As Python's `float` reads it, names of no number aside. */
function numberIn(text: string): number | null {
  const trimmed = text.trim()
  return trimmed.length <= LONGEST_NUMBER &&
    /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed) &&
    Number.isFinite(Number(trimmed))
    ? Number(trimmed)
    : null
}

/** Python counts `true` as 1. */
function numbersIn(json: string): ReadonlyMap<string, number> | null {
  try {
    const value = JSON.parse(json) as unknown
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return null
    if (Object.keys(value).length > MOST_NUMBERS) return null
    const numbers = Object.entries(value).map(
      ([key, one]) => [key, typeof one === 'boolean' ? Number(one) : one] as const,
    )
    const good = numbers.flatMap(([key, one]) =>
      typeof one === 'number' && Number.isFinite(one) ? [[key, one] as const] : [],
    )
    return good.length === numbers.length && good.length > 0 ? new Map(good) : null
  } catch {
    return null
  }
}

const shown = (text: string): string => JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text)

const outOfRange = (value: number) => ({
  kind: 'input' as const,
  code: 'verifier.reward',
  message: `the tests gave a reward of ${value}, and one is from 0 to 1 here`,
  remedy: 'leave this task out',
})

const noReward = (names: readonly string[]) => ({
  kind: 'input' as const,
  code: 'verifier.reward',
  message: `reward.json has no number named reward, and several others: ${names.slice(0, 10).join(', ')}`,
  remedy: 'leave this task out: nothing says which of them decides',
})
