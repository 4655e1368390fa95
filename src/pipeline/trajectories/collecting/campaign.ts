import { unwrap, type Query } from '../../../nouns/index.js'
import { plural } from '../../../shared/report/index.js'
import { scorerFor } from '../../../shared/scoring/index.js'
import {
  collect,
  heldRollouts,
  planRollouts,
  trajectoryStore,
  watchedRollouts,
  type Collected,
  type Collector,
  type CollectProgress,
  type PlannedRollout,
} from '../../../stages/trajectories/index.js'
import { workspacesOf } from '../../agents.js'
import { judgeFor } from '../../evaluation/judges.js'
import { modelOf } from '../../models.js'
import type { Run } from '../../run.js'
import type { Pool } from '../pool.js'
import { settingsOf, type Campaign, type PlannedCollector } from './settings.js'
import { setAsideRollouts } from './set-aside.js'
import { openUser } from './user.js'

/**
 * A campaign over these queries. What is finished by this agent and model at these very queries is kept; what was made otherwise under the
 * same id is set aside, and said so. Throws a `FailureError` for wrong input, and where the run was interrupted.
 */
export async function collectCampaign(
  run: Run,
  campaign: Campaign,
  queries: readonly Query[],
  pool: Pool,
  watch: (progress: CollectProgress) => void,
): Promise<Collected> {
  const wanted = scoredOf(run, queries)
  const tasks = wanted.map((query) => ({ id: query.id, suite: '', query }))
  const judge = unwrap(await judgeFor(run, tasks, campaign))
  const planned = unwrap(await settingsOf(run, campaign, judge))
  const collectors = planned.collectors.map(({ name, setting }) => ({ name, setting }))
  const held = heldRollouts(pool.members.map(({ trajectory }) => trajectory))
  const plan = { campaign: campaign.name, queries: wanted, collectors, attempts: campaign.attempts, held }
  const rollouts = unwrap(planRollouts(plan))
  await makeRoom(run, campaign.name, rollouts)
  const nothingToDo = rollouts.every(({ state }) => state === 'kept')
  const common = {
    rollouts,
    rounds: campaign.rounds,
    recordings: run.project.paths.recordings,
    campaign: campaign.name,
    concurrency: campaign.concurrency,
    onProgress: watch,
    onLine: run.warn,
    workspaces: unwrap(await workspacesOf(run, campaign.sandbox)),
  }
  if (nothingToDo) return collect({ ...common, collectors: new Map(), scorerFor })

  const opened: (() => Promise<void>)[] = []
  try {
    const user = planned.user === undefined ? undefined : unwrap(await openUser(run, planned.user, wanted))
    if (user !== undefined) opened.push(() => user.close())
    const judging = judge === undefined ? undefined : unwrap(await judge.open())
    if (judging !== undefined) opened.push(() => judging.close())
    const collected = await collect({
      ...common,
      collectors: await openCollectors(run, planned.collectors, opened),
      scorerFor: (query) =>
        scorerFor(query, { root: run.project.root, ...(judging === undefined ? {} : { judge: judging.judge }) }),
      feedback: user?.feedback,
      ...(campaign.budget === undefined ? {} : { budget: campaign.budget }),
      ...(run.signal === undefined ? {} : { signal: run.signal }),
    })
    run.signal?.throwIfAborted()
    return collected
  } finally {
    for (const close of opened.reverse()) await close()
  }
}

const sourceOf = ({ name }: Collector['agent']): Collector['source'] => (name === 'built-in' ? 'built-in' : 'recorded')

/** Each model is opened once, whoever works with it. */
async function openCollectors(
  run: Run,
  planned: readonly PlannedCollector[],
  opened: (() => Promise<void>)[],
): Promise<ReadonlyMap<string, Collector>> {
  const models = new Map<string, Collector['model']>()
  const collectors = new Map<string, Collector>()
  const openTrajectory = watchedRollouts(trajectoryStore(run.project.paths.trajectories).open)
  for (const { name, agent, modelName, price } of planned) {
    if (!models.has(modelName)) {
      const open = unwrap(await modelOf(run, modelName))
      opened.push(() => open.close())
      models.set(modelName, open.model)
    }
    const model = models.get(modelName)
    if (model === undefined) throw new Error(`model ${modelName} is not open`)
    collectors.set(name, { name, agent, model, price, source: sourceOf(agent), openTrajectory })
  }
  return collectors
}

function scoredOf(run: Run, queries: readonly Query[]): readonly Query[] {
  const scored = queries.filter((query) => query.scoring.kind !== 'none')
  const left = queries.length - scored.length
  if (left > 0)
    run.warn(`${plural(left, 'query without checks is', 'queries without checks are')} left out: \`limi queries list\``)
  return scored
}

/** Finished trajectories that were made otherwise, under ids that this campaign needs. */
async function makeRoom(run: Run, name: string, rollouts: readonly PlannedRollout[]): Promise<void> {
  const stale = rollouts.filter(({ state }) => state === 'stale').map(({ id }) => id)
  await setAsideRollouts(run, stale)
  if (stale.length > 0) run.warn(`${name}: ${stale.length} ${MADE_OTHERWISE}`)
}

const MADE_OTHERWISE =
  'trajectories were made of other queries, by another agent or model: they are made anew, the old ones are in trajectories/replaced'
