import { setTimeout as wait } from 'node:timers/promises'
import {
  FailureError,
  unwrap,
  type Amendment,
  type Cause,
  type Failure,
  type TrajectoryEvent,
  type TrajectoryHeader,
  type Usage,
} from '../../../nouns/index.js'
import { addUsage, costOf, NO_USAGE } from '../../../shared/models/index.js'
import { digestOfValue } from '../../../shared/project/index.js'
import type { Rollout, RolloutEnding } from '../../../shared/rollouts/index.js'
import type { JudgeCall, Scorer } from '../../../shared/scoring/index.js'
import { freshEvidence, keepEvidence, type FaultMet } from './evidence.js'
import { discardedBy, type PlannedRollout } from './plan.js'
import { tokensOf, type Purse } from './purse.js'
import type { Collector, CollectRequest } from './request.js'
import { actionOf } from './watched.js'

/** What came of one rollout. */
export interface Attempted {
  readonly rollout: Rollout
  readonly cost: number | undefined
}

export const INTERRUPTED: Failure = {
  kind: 'interrupted',
  code: 'collect.interrupted',
  message: 'the collection was stopped',
  remedy: 'run the same command again: finished rollouts are kept',
}

const BACKOFF_MS = [1_000, 10_000]

/** Loaded when they are needed: whoever only imports or shows trajectories starts without models and sandboxes. */
const rollouts = () => import('../../../shared/rollouts/index.js')

/** One rollout as it is made: what it takes is gathered here over all its tries. */
interface Work {
  readonly request: CollectRequest
  readonly planned: PlannedRollout
  readonly collector: Collector
  readonly scorer: Scorer
  readonly purse: Purse
  readonly signal: AbortSignal
  readonly calls: JudgeCall[]
  readonly faults: FaultMet[]
}

/**
 * Makes one rollout. A fault of the infrastructure is met by trying again, a few times, from a fresh workspace; a judge that fails is asked again.
 * Throws a `FailureError` where that does not help, and {@link INTERRUPTED} where it was ended; its trajectory then stays without `end`, to be
 * made again.
 */
export async function attemptRollout(
  request: CollectRequest,
  planned: PlannedRollout,
  purse: Purse,
  signal: AbortSignal,
): Promise<Attempted> {
  const collector = request.collectors.get(planned.agent)
  if (collector === undefined) throw new Error(`no collector ${planned.agent}`)
  const { delayAfter, patientScorer } = await rollouts()
  const backoffMs = request.backoffMs ?? BACKOFF_MS
  const faults: FaultMet[] = []
  const onFault = async (failure: Failure, attempt: number, delay: number | null): Promise<void> => {
    faults.push({ attempt, cause: 'judge', failure })
    tell(request, planned, failure, delay)
  }
  const scorer = patientScorer(unwrap(request.scorerFor(planned.query)), { backoffMs, onFault, signal })
  const work: Work = { request, planned, collector, scorer, purse, signal, calls: [], faults }
  let discarded = discardedBy(planned) ?? NO_USAGE
  for (let attempt = 1; ; attempt += 1) {
    const { rollout, cost, taken } = await playOnce(work, discarded)
    const { cause, failure = unexplained(cause, planned) } = rollout
    if (rollout.failure?.kind === 'interrupted' || rollout.measured === false) throw new FailureError(INTERRUPTED)
    if (!UNSCORED.has(cause)) return { rollout, cost }
    if (cause !== 'infrastructure') throw new FailureError(failure)

    const delay = delayAfter(attempt, failure, backoffMs)
    faults.push({ attempt, cause, failure })
    if (delay === null) throw new FailureError(failure)
    tell(request, planned, failure, delay)
    discarded = addUsage(discarded, taken)
    await pause(delay, signal)
  }
}

const UNSCORED: ReadonlySet<Cause> = new Set<Cause>(['infrastructure', 'judge', 'user-simulator'])

function tell({ onLine }: CollectRequest, { id }: PlannedRollout, failure: Failure, delay: number | null): void {
  const next = delay === null ? 'not tried again' : `tried again in ${delay / 1000} s`
  onLine?.(`${id}: ${failure.message} (${failure.code}): ${next}`)
}

async function pause(delay: number, signal: AbortSignal): Promise<void> {
  await wait(delay, undefined, { signal }).catch((error: unknown) => {
    throw new FailureError(INTERRUPTED, { cause: error })
  })
}

interface Played extends Attempted {
  /** The agent's tokens, as the calls were answered. */
  readonly taken: Usage
}

async function playOnce(work: Work, discarded: Usage): Promise<Played> {
  const { request, planned, collector, scorer, purse, signal, calls } = work
  let taken = NO_USAGE
  let round = 1
  const watch = (event: TrajectoryEvent): void => {
    const usage = usageOf(event)
    taken = addUsage(taken, usage)
    if (usage !== undefined) purse.spend({ tokens: tokensOf(usage), cost: priced(collector, usage) ?? 0 })
    if (event.type === 'message') round = event.message.round ?? round
    const action = actionOf(event)
    if (action !== null) request.onProgress?.({ kind: 'acted', rollout: planned, round, action })
  }
  let cost: number | undefined
  const conclude = async (ending: RolloutEnding): Promise<Amendment> => {
    const agents = addUsage(discarded, ending.rollout.usage)
    cost = sumOf([priced(collector, agents), ...calls.map((call) => call.cost)])
    const { campaign, recordings } = request
    const model = collector.model.name
    await keepEvidence(recordings, planned, { campaign, model, ending, calls, faults: work.faults, discarded, cost })
    const tokens = tokensOf(agents) + calls.reduce((sum, { usage }) => sum + tokensOf(usage), 0)
    return { extra: factsOf(ending, { cost, tokens }) }
  }
  const account = {
    mayAsk: () => purse.mayAsk(),
    took: (call: JudgeCall) => {
      calls.push(call)
      purse.spend({ tokens: tokensOf(call.usage), cost: call.cost ?? 0 })
    },
  }
  const isRecorded = collector.source === 'recorded'
  // What a program's model answered is known as it happens, and comes to the sink once more in the end.
  const watchScores = (event: TrajectoryEvent): void => {
    if (event.type === 'round') watch(event)
  }
  const sink = unwrap(await collector.openTrajectory(headerFor(work, discarded), isRecorded ? watchScores : watch))
  const { runRollout } = await rollouts()
  const { query } = planned
  const { workspaces, rounds, feedback } = request
  const { agent, model } = collector
  try {
    const evidence = isRecorded ? freshEvidence(request.recordings, planned) : undefined
    const plan = {
      ...{ query, agent, model, workspaces, scorer, account, feedback, rounds, sink, conclude, signal },
      ...(evidence === undefined ? {} : { evidence, watch }),
    }
    return { rollout: await runRollout(plan), cost, taken }
  } finally {
    await sink.close()
  }
}

function usageOf(event: TrajectoryEvent): Usage | undefined {
  const messages = event.type === 'message' ? [event.message] : event.type === 'aside' ? event.aside.messages : []
  const usages = messages.flatMap(({ call }) => call?.usage ?? [])
  return usages.length === 0 ? undefined : usages.reduce((sum, usage) => addUsage(sum, usage), NO_USAGE)
}

const priced = ({ price }: Collector, usage: Usage): number | undefined =>
  price === undefined ? undefined : costOf(usage, price)

/** Absent where no cost is known. */
function sumOf(costs: readonly (number | undefined)[]): number | undefined {
  const known = costs.filter((cost) => cost !== undefined)
  return known.length === 0 ? undefined : known.reduce((sum, cost) => sum + cost, 0)
}

/** What anybody may know of a rollout: nothing of how it was scored. */
const factsOf = (
  { rollout }: RolloutEnding,
  { cost, tokens }: { readonly cost: number | undefined; readonly tokens: number },
): Record<string, unknown> => ({
  rounds: rollout.rounds.length,
  seconds: Math.round(rollout.seconds * 1000) / 1000,
  turns: rollout.turns,
  calls: rollout.calls,
  ...(cost === undefined ? {} : { cost }),
  ...(tokens === 0 ? {} : { tokens }),
})

function headerFor({ request, planned, collector }: Work, discarded: Usage): TrajectoryHeader {
  const { id, query, agent, attempt, work } = planned
  const taken = tokensOf(discarded) === 0 ? {} : { discarded }
  return {
    type: 'header',
    format: 'limi.trajectory/1',
    id,
    created: new Date().toISOString(),
    query: { id: query.id, digest: digestOfValue(query) },
    source: { kind: collector.source, agent: collector.agent.name, model: collector.model.name },
    tags: { ...query.tags, campaign: request.campaign },
    extra: { work, agent, attempt, ...taken },
    ...(query.licence === undefined ? {} : { licence: query.licence }),
  }
}

const unexplained = (cause: Cause, { id }: PlannedRollout): Failure => ({
  kind: 'underway',
  code: `collect.${cause ?? 'failed'}`,
  message: 'it failed outside agent and task, without a reason',
  where: id,
  remedy: 'run the same command again: finished work is kept',
})
