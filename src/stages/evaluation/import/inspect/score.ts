import type { Requirement, Score } from '../../../../nouns/index.js'
import type { ScoreSettings } from '../importer.js'
import type { LogHeader, LogSample, LogScore } from './schema.js'

/** Which of a sample's scores says whether it passed. */
export interface Decisive {
  readonly scorer?: string
  /** One key of its value, where that is a record. */
  readonly key?: string
}

/** The scorer asked for, else the log's headline, else its first. */
export function decisiveOf({ results, eval: spec }: LogHeader, { scorer }: ScoreSettings): Decisive {
  if (scorer !== undefined) return { scorer }
  const headline = results?.headline
  const first = spec.scorers?.[0]?.name
  if (typeof headline?.scorer !== 'string') return first === undefined ? {} : { scorer: first }
  const { scorer: named, score } = headline
  return typeof score === 'string' && score !== named ? { scorer: named, key: score } : { scorer: named }
}

type Value = LogScore['value']

/** Inspect's own way from values to numbers (`value_to_float`); null where a value says nothing: NaN marks what was not scored. */
export function numberOf(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value !== 'string') return null
  const known = LETTERS.get(value) ?? WORDS.get(value.toLowerCase())
  if (known !== undefined) return known
  return value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : null
}

const LETTERS = new Map([
  ['C', 1],
  ['P', 0.5],
  ['I', 0],
  ['N', 0],
])
const WORDS = new Map([
  ['yes', 1],
  ['true', 1],
  ['no', 0],
  ['false', 0],
])

/** A record or a list counts as the mean of its parts. */
function meanOf(value: Value, key?: string): number | null {
  if (typeof value !== 'object') return numberOf(value)
  if (key !== undefined && !Array.isArray(value) && Object.hasOwn(value, key)) return numberOf(value[key])
  const parts = Object.values(value).map(numberOf)
  if (parts.length === 0 || parts.includes(null)) return null
  return parts.reduce<number>((sum, part) => sum + (part ?? 0), 0) / parts.length
}

/**
 * One round's score of a sample; null where the scorer that decides said nothing. Every value of every scorer is a requirement of weight 0:
 * scorers of one log measure the same answer, so that the first-turn share is the deciding score itself, as in Inspect's mean.
 */
export function scoreOf({ scores }: LogSample, decisive: Decisive, max: number): Score | null {
  const entries = Object.entries(scores ?? {})
  const name = decisive.scorer ?? entries[0]?.[0]
  const deciding = entries.find(([scorer]) => scorer === name)?.[1]
  const score = deciding === undefined ? null : meanOf(deciding.value, decisive.key)
  if (score === null) return null
  return {
    score,
    max,
    passed: score >= max,
    requirements: entries.flatMap(([id, one]) => requirementsOf(id, one, max)),
  }
}

function requirementsOf(scorer: string, score: LogScore, max: number): Requirement[] {
  const { value } = score
  if (typeof value !== 'object') return [requirement(scorer, value, score, max)]
  return Object.entries(value).map(([key, part]) => requirement(`${scorer}.${key}`, part, score, max))
}

function requirement(id: string, value: unknown, { answer, explanation }: LogScore, max: number): Requirement {
  const said = [`value: ${String(value)}`, ...labelled('answer', answer), ...labelled('explanation', explanation)]
  return { id, passed: (numberOf(value) ?? 0) >= max, weight: 0, evidence: said.join('\n') }
}

const labelled = (label: string, text: string | null | undefined): string[] =>
  typeof text === 'string' ? [`${label}: ${text}`] : []
