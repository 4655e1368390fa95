import type { Judging, Trial, Usage } from '../../../../nouns/index.js'

/** Inspect's count of tokens: cached input stands apart from the rest of it. */
export interface LogUsage {
  readonly input_tokens: number
  readonly output_tokens: number
  readonly total_tokens: number
  readonly input_tokens_cache_read?: number
  readonly reasoning_tokens?: number
  readonly total_cost?: number
}

type ByName = Readonly<Record<string, LogUsage>>

/** Inspect's name of the role of a model that judges. */
const GRADER = 'grader'

/** What each model took of these trials, the agent's and those that judged, and the judges once more by their role. */
export function usageOf(trials: readonly Trial[], model: string): { model_usage: ByName; role_usage: ByName } {
  const agent = trials.map(({ usage, cost }) => usageFor(usage, cost))
  const judges = trials.flatMap(({ judging = [] }) => judging)
  const judged = judges.map((one): [string, LogUsage] => [one.judge, ofJudge(one)])
  return {
    model_usage: summed([...agent.map((one): [string, LogUsage] => [model, one]), ...judged]),
    role_usage: summed(judged.map(([, usage]) => [GRADER, usage])),
  }
}

const ofJudge = ({ cost, ...usage }: Judging): LogUsage => usageFor(usage, cost)

function usageFor(usage: Usage, cost: number | undefined): LogUsage {
  const { inputTokens, outputTokens, cachedInputTokens: cached, reasoningTokens: reasoning } = usage
  return {
    input_tokens: inputTokens - Math.min(cached ?? 0, inputTokens),
    output_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    ...(cached === undefined ? {} : { input_tokens_cache_read: Math.min(cached, inputTokens) }),
    ...(reasoning === undefined ? {} : { reasoning_tokens: reasoning }),
    ...(cost === undefined ? {} : { total_cost: cost }),
  }
}

function summed(all: readonly (readonly [string, LogUsage])[]): ByName {
  const sums = new Map<string, LogUsage>()
  for (const [name, usage] of all) sums.set(name, added(sums.get(name), usage))
  return Object.fromEntries(sums)
}

function added(before: LogUsage | undefined, usage: LogUsage): LogUsage {
  if (before === undefined) return usage
  const keys = [...new Set([...Object.keys(before), ...Object.keys(usage)])] as (keyof LogUsage)[]
  const sums = keys.map((key) => [key, (before[key] ?? 0) + (usage[key] ?? 0)])
  return { ...before, ...(Object.fromEntries(sums) as Partial<LogUsage>) }
}
