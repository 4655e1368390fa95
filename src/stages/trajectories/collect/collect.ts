import {
  FailureError,
  type Failure,
  type Query,
  type Result,
  type Trajectory,
  type TrajectoryHeader,
} from '../../../nouns/index.js'
import type { Agent, OpenTrajectory } from '../../../shared/agents/index.js'
import type { ChatModel } from '../../../shared/models/index.js'
import { digestOfValue } from '../../../shared/project/index.js'
import type { Rollout } from '../../../shared/rollouts/index.js'
import type { SandboxProvider } from '../../../shared/sandboxes/index.js'
import type { Scorer } from '../../../shared/scoring/index.js'

/** A fault outside agent and task may pass; a second one is reported. */
const ATTEMPTS = 2

export interface CollectRequest {
  readonly queries: readonly Query[]
  readonly agent: Agent
  readonly model: ChatModel
  readonly sandboxes: SandboxProvider
  scorerFor(query: Query): Result<Scorer>
  readonly openTrajectory: OpenTrajectory
  /** Rounds of one rollout at most. */
  readonly rounds: number
  /** Names the trajectories: `<campaign>-<query id>`. */
  readonly campaign: string
  /** Rollouts at the same time. */
  readonly concurrency: number
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: CollectProgress) => void
  /** Digest of agent, model and rounds: what else decides a trajectory but its query. */
  readonly setting: string
  /** Complete trajectories by id, with the digest of the work that each did: {@link finishedRollouts}. These are kept. */
  readonly done: ReadonlyMap<string, string>
}

export interface CollectProgress {
  /** The trajectory that was just worked on. */
  readonly id: string
  readonly outcome: 'made' | 'failed'
  readonly finished: number
  readonly total: number
}

export interface Collected {
  readonly made: number
  readonly kept: number
  readonly failed: readonly { readonly id: string; readonly query: string; readonly failure: Failure }[]
  /** Not begun, or not finished, because the work was interrupted. */
  readonly interrupted: number
}

/** Loaded when they are needed: whoever only imports or shows trajectories starts without models and sandboxes. */
const rollouts = () => import('../../../shared/rollouts/index.js')

/** One agent and model work through queries; what lies there complete is kept, and what is unfinished is done again. */
export async function collect(request: CollectRequest): Promise<Collected> {
  const work = request.queries.filter((query) => !isDone(request, query))
  const { runWorkList } = await rollouts()
  const outcomes = await runWorkList(work, (query) => collectOne(request, query), {
    concurrency: request.concurrency,
    signal: request.signal,
    onProgress: ({ item, outcome, finished, total }) =>
      request.onProgress?.({
        id: idOfRollout(request.campaign, item),
        outcome: outcome.status === 'done' ? 'made' : 'failed',
        finished,
        total,
      }),
  })
  const failed = outcomes.flatMap((outcome, index) => {
    const query = work[index]
    if (outcome.status !== 'failed' || query === undefined || outcome.failure.kind === 'interrupted') return []
    return [{ id: idOfRollout(request.campaign, query), query: query.id, failure: outcome.failure }]
  })
  const made = outcomes.filter((outcome) => outcome.status === 'done').length
  return {
    made,
    kept: request.queries.length - work.length,
    failed,
    interrupted: work.length - made - failed.length,
  }
}

export const idOfRollout = (campaign: string, query: Query): string => `${campaign}-${query.id}`

/** The digest of one piece of work: a query, by an agent and model in a setting. */
export const workOf = (query: Query, setting: string): string => digestOfValue([digestOfValue(query), setting])

/** The complete trajectories among some, with the digest of the work that each did. */
export function finishedRollouts(trajectories: readonly Trajectory[]): ReadonlyMap<string, string> {
  return new Map(
    trajectories
      .filter((trajectory) => trajectory.complete)
      .map(({ id, extra }) => [id, typeof extra?.['work'] === 'string' ? extra['work'] : '']),
  )
}

const isDone = (request: CollectRequest, query: Query): boolean =>
  request.done.get(idOfRollout(request.campaign, query)) === workOf(query, request.setting)

async function collectOne(request: CollectRequest, query: Query): Promise<void> {
  const scorer = request.scorerFor(query)
  if (!scorer.ok) throw new FailureError(scorer.failure)
  for (let attempt = 1; ; attempt += 1) {
    const { cause, failure } = await attemptOne(request, query, scorer.value)
    const isFault = failure?.kind === 'interrupted' || cause === 'infrastructure' || cause === 'judge'
    if (!isFault) return
    const known = failure ?? faultOf(cause, query)
    const isFinal = known.kind === 'interrupted' || known.kind === 'input' || attempt === ATTEMPTS
    if (isFinal) throw new FailureError(known)
  }
}

async function attemptOne(request: CollectRequest, query: Query, scorer: Scorer): Promise<Rollout> {
  const opened = await request.openTrajectory(headerFor(request, query))
  if (!opened.ok) throw new FailureError(opened.failure)
  const sink = opened.value
  const { agent, model, sandboxes, rounds, signal } = request
  const { runRollout } = await rollouts()
  try {
    return await runRollout({ query, agent, model, sandboxes, scorer, rounds, sink, signal })
  } finally {
    await sink.close()
  }
}

function headerFor({ campaign, agent, model, setting }: CollectRequest, query: Query): TrajectoryHeader {
  return {
    type: 'header',
    format: 'limi.trajectory/1',
    id: idOfRollout(campaign, query),
    created: new Date().toISOString(),
    query: { id: query.id, digest: digestOfValue(query) },
    source: { kind: 'built-in', agent: agent.name, model: model.name },
    tags: { ...query.tags, campaign },
    extra: { work: workOf(query, setting) },
    ...(query.licence === undefined ? {} : { licence: query.licence }),
  }
}

const faultOf = (cause: Rollout['cause'], query: Query): Failure => ({
  kind: 'underway',
  code: `collect.${cause ?? 'failed'}`,
  message: `the rollout of ${query.id} failed outside agent and task`,
  where: query.id,
  remedy: 'run the same command again: finished work is kept',
})
