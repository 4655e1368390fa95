import path from 'node:path'
import { FailureError, type CollectPlan, type Query, type RunPlan } from '../../nouns/index.js'
import { plural } from '../../shared/report/index.js'
import { plainId, type Collected, type CollectProgress } from '../../stages/trajectories/index.js'
import type { GatheredQueries } from '../queries/queries.js'
import { asItLies, type Made, type Run } from '../run.js'
import { collectCampaign } from './collecting/campaign.js'
import { setAsideRollouts } from './collecting/set-aside.js'
import { importInto } from './import.js'
import { readPool, type Pool } from './pool.js'

/** Rollouts at the same time. */
const CONCURRENCY = 16

/** Stage 2: agents work through the queries, campaign by campaign; recorded runs of others are imported beside them. */
export async function collectPool(run: Run, plan: RunPlan, queries: GatheredQueries): Promise<Made<Pool>> {
  if (asItLies(run, 'trajectories')) return { value: await readPool(run), kept: true }
  const before = await readPool(run)
  let changes = 0
  for (const campaign of plan.trajectories.collect) {
    changes += await setAsideStrays(run, campaign, queries.train, before)
    const collected = await collectInto(run, campaign, queries.train, before)
    const [first] = collected.failed
    const failure = collected.stopped ?? first?.failure
    if (failure !== undefined) throw new FailureError(failure)
    changes += collected.made
  }
  changes += await importPlanned(run, plan.trajectories.import)
  return changes === 0 ? { value: before, kept: true } : { value: await readPool(run), kept: false }
}

/** One campaign of the plan over the queries whose tags match, one attempt at each. */
function collectInto(run: Run, plan: CollectPlan, queries: readonly Query[], pool: Pool): Promise<Collected> {
  const { name, agent, model, rounds } = plan
  const campaign = { name, agents: [agent], model, rounds, attempts: 1, concurrency: CONCURRENCY }
  const watch = (progress: CollectProgress): void => {
    if (progress.kind !== 'ended') return
    const { finished, total } = progress
    if (finished % 50 === 0 || finished === total) run.say(`  ${name}: ${finished} of ${total} rollouts`)
  }
  return collectCampaign(run, campaign, wantedBy(plan, queries), pool, watch)
}

const wantedBy = (plan: CollectPlan, queries: readonly Query[]): readonly Query[] =>
  queries.filter((query) => Object.entries(plan.where).every(([tag, value]) => query.tags[tag] === value))

/** What a plan's campaign holds of queries that are no longer in the plan makes room: the pool is what the plan says. */
async function setAsideStrays(run: Run, plan: CollectPlan, queries: readonly Query[], pool: Pool): Promise<number> {
  const wanted = new Set(wantedBy(plan, queries).map((query) => plainId(plan.name, query.id)))
  const strays = pool.members
    .filter(({ trajectory }) => trajectory.tags['campaign'] === plan.name && !wanted.has(trajectory.id))
    .map(({ trajectory }) => trajectory.id)
  await setAsideRollouts(run, strays)
  if (strays.length > 0)
    run.warn(
      `${plan.name}: ${plural(strays.length, 'trajectory of a query outside the plan is', 'trajectories of queries outside the plan are')} now in trajectories/replaced`,
    )
  return strays.length
}

/** Imports what the plan names; what is there already is kept, what cannot be imported is a warning each time. */
async function importPlanned(run: Run, paths: readonly string[]): Promise<number> {
  if (paths.length === 0) return 0
  const report = await importInto(
    run,
    paths.map((one) => path.resolve(run.project.root, one)),
  )
  for (const { path: where, error } of report.rejected) run.warn(`${where} was not imported: ${error}`)
  return report.imported.filter((one) => !one.kept).length
}
