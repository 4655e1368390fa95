import type { Evaluation, Trial } from '../../../nouns/index.js'
import { canonicalJson } from '../../../shared/project/index.js'

/** A finished evaluation with its trials. */
export interface FinishedEvaluation {
  readonly evaluation: Evaluation
  readonly trials: readonly Trial[]
}

/**
 * Everything in which two evaluations differ that must be equal for their difference to mean something: benchmark, agent and its settings
 * (the prompt among them), rounds, sandbox, judge, tasks. The model may differ, and the number of trials.
 */
export function incomparable(a: FinishedEvaluation, b: FinishedEvaluation): string[] {
  const fields = (['benchmark', 'agent', 'rounds'] as const)
    .filter((field) => a.evaluation[field] !== b.evaluation[field])
    .map((field) => `${field} ${a.evaluation[field]} and ${b.evaluation[field]}`)
  return [...fields, ...settingDifferences(a.evaluation, b.evaluation), ...taskDifferences(a.trials, b.trials)]
}

/** Compared by name or task by task already, or free to differ. */
const NOT_SETTINGS = new Set(['benchmark', 'agent', 'model', 'rounds', 'tasks', 'trials'])

const NAMES: Readonly<Record<string, string>> = { limits: 'agent', 'agent.systemPrompt': 'prompt (agent.systemPrompt)' }

function settingDifferences(a: Evaluation, b: Evaluation): string[] {
  const [left, right] = [a.made.parameters, b.made.parameters]
  return [...new Set([...Object.keys(left), ...Object.keys(right)])]
    .filter((key) => !NOT_SETTINGS.has(key))
    .sort()
    .flatMap((key) => differing(NAMES[key] ?? key, left[key], right[key]))
}

/** An agent's settings name a model of its own, which the evaluation may have replaced. */
const FREE = new Set(['agent.model'])

/** The innermost places in which two values differ. */
function differing(place: string, a: unknown, b: unknown): string[] {
  if (FREE.has(place) || canonicalJson([a]) === canonicalJson([b])) return []
  if (!isRecord(a) || !isRecord(b)) return [`${NAMES[place] ?? place} ${brief(a)} and ${brief(b)}`]
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort()
  return keys.flatMap((key) => differing(`${place}.${key}`, a[key], b[key]))
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const LONGEST = 60

function brief(value: unknown): string {
  const text = canonicalJson(value ?? null)
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}

function taskDifferences(a: readonly Trial[], b: readonly Trial[]): string[] {
  const [left, right] = [digestsOf(a), digestsOf(b)]
  const missing = [...left.keys()].filter((task) => !right.has(task))
  const extra = [...right.keys()].filter((task) => !left.has(task))
  const changed = [...left].filter(([task, digest]) => right.has(task) && right.get(task) !== digest)
  return [
    ...named('tasks only in the first', missing),
    ...named('tasks only in the second', extra),
    ...named(
      'tasks whose content differs',
      changed.map(([task]) => task),
    ),
  ]
}

const digestsOf = (trials: readonly Trial[]): Map<string, string> =>
  new Map(trials.map((trial) => [trial.task, `${trial.suite} ${trial.taskDigest}`]))

function named(what: string, tasks: readonly string[]): string[] {
  if (tasks.length === 0) return []
  const shown = tasks.slice(0, 3).join(', ')
  return [`${tasks.length} ${what} (${shown}${tasks.length > 3 ? ', …' : ''})`]
}
