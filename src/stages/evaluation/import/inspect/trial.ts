import { own, type Cause, type Trial, type Usage } from '../../../../nouns/index.js'
import { digestOfValue, idFrom, isId } from '../../../../shared/project/index.js'
import { scoreOf, type Decisive } from './score.js'
import type { LogHeader, LogSample, LogUsage } from './schema.js'

/** The longest task's name that leaves room for the trial's number in the name of a file. */
const MAX_NAME = 100

/** A sample's id where it can name a file; else a readable name made of it, with a hash. */
export const taskName = (id: string | number): string => {
  const text = String(id)
  return isId(text) && text.length <= MAX_NAME ? text : idFrom(text)
}

/** Digest of what was asked and what was expected: two logs of the same samples can be compared. */
export const digestOfSample = ({ id, input, target, choices }: LogSample): string =>
  digestOfValue({ id, input: withoutIds(input), target, choices: choices ?? [] })

/** Messages of an input get new ids in every run. */
const withoutIds = (input: LogSample['input']): unknown =>
  typeof input === 'string'
    ? input
    : input.map((message) =>
        typeof message === 'object' && message !== null ? { ...message, id: undefined } : message,
      )

/** One sample in one epoch as a row; its trajectory is named by the caller. */
export function trialOf(
  sample: LogSample,
  { eval: spec }: LogHeader,
  { decisive, max, trajectory }: { readonly decisive: Decisive; readonly max: number; readonly trajectory: string },
): Trial {
  const score = scoreOf(sample, decisive, max)
  const cause = causeOf(sample, score !== null)
  const models = Object.entries(sample.model_usage)
  const agent = own(sample.model_usage, spec.model)
  const others = models.filter(([model]) => agent !== undefined && model !== spec.model)
  const cost = costOf(models.map(([, usage]) => usage))
  return {
    task: taskName(sample.id),
    taskDigest: digestOfSample(sample),
    subtask: 1,
    trial: sample.epoch,
    suite: spec.task,
    max,
    rounds: score === null || cause === 'infrastructure' ? [] : [score],
    cause,
    trajectory,
    usage: usageOf(agent === undefined ? models.map(([, usage]) => usage) : [agent]),
    seconds: sample.total_time ?? 0,
    ...(typeof sample.turn_count === 'number' ? { turns: sample.turn_count } : {}),
    calls: sample.messages.filter(({ role }) => role === 'tool').length,
    ...(cost === null ? {} : { cost }),
    diff: {},
    sample: { id: sample.id, uuid: sample.uuid ?? undefined, error: sample.error?.message, limit: sample.limit?.type },
    ...(others.length === 0 ? {} : { otherUsage: Object.fromEntries(others) }),
  }
}

const TIME_LIMITS = new Set(['time', 'working'])
const BUDGET_LIMITS = new Set(['token', 'message', 'turn', 'cost', 'context'])

/** A person or a policy that stops a sample says nothing of the agent. */
function causeOf({ error, limit }: LogSample, isScored: boolean): Cause {
  if (typeof error?.message === 'string') return 'infrastructure'
  if (!isScored) return 'judge'
  const type = limit?.type
  if (type === undefined) return null
  if (TIME_LIMITS.has(type)) return 'timeout'
  return BUDGET_LIMITS.has(type) ? 'budget' : 'infrastructure'
}

/** Inspect's input leaves out what came from or went to the cache; ours is all of it. */
export function usageOf(all: readonly LogUsage[]): Usage {
  const sum = (countOf: (usage: LogUsage) => number | null | undefined): number =>
    all.reduce((total, usage) => total + (countOf(usage) ?? 0), 0)
  const cached = sum((usage) => usage.input_tokens_cache_read)
  const reasoning = sum((usage) => usage.reasoning_tokens)
  return {
    inputTokens: sum((usage) => usage.input_tokens) + cached + sum((usage) => usage.input_tokens_cache_write),
    outputTokens: sum((usage) => usage.output_tokens),
    ...(cached === 0 ? {} : { cachedInputTokens: cached }),
    ...(reasoning === 0 ? {} : { reasoningTokens: reasoning }),
  }
}

function costOf(all: readonly LogUsage[]): number | null {
  const costs = all.flatMap(({ total_cost }) => (typeof total_cost === 'number' ? [total_cost] : []))
  return costs.length === 0 ? null : costs.reduce((sum, cost) => sum + cost, 0)
}
