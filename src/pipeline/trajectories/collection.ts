import path from 'node:path'
import { FailureError, unwrap, type CollectPlan, type Query, type RunPlan, type Trajectory } from '../../nouns/index.js'
import { digestOfValue, setAside } from '../../shared/project/index.js'
import { plural } from '../../shared/report/index.js'
import { scorerFor } from '../../shared/scoring/index.js'
import {
  collect,
  contentDigest,
  finishedRollouts,
  idOfRollout,
  trajectoryStore,
  workOf,
  type Collected,
} from '../../stages/trajectories/index.js'
import { agentOf, sandboxOf } from '../agents.js'
import { importInto } from './import.js'
import { inputOf } from '../model-input.js'
import { modelOf } from '../models.js'
import type { GatheredQueries } from '../queries/queries.js'
import { asItLies, type Made, type Run } from '../run.js'

/** Rollouts at the same time. */
const CONCURRENCY = 16

export interface PoolMember {
  readonly trajectory: Trajectory
  /** Of what was said and done, times left out: the same for every run of the same script. */
  readonly digest: string
}

/** Everything that lies in `trajectories/`. */
export interface Pool {
  readonly members: readonly PoolMember[]
  readonly builtIn: number
  readonly imported: number
}

/** Stage 2: agents work through the queries, campaign by campaign; recorded runs of others are imported beside them. */
export async function collectPool(run: Run, plan: RunPlan, queries: GatheredQueries): Promise<Made<Pool>> {
  if (asItLies(run, 'trajectories')) return { value: await readPool(run), kept: true }
  const before = await readPool(run)
  let changes = 0
  for (const campaign of plan.trajectories.collect) {
    changes += await setAsideStrays(run, campaign, queries.train, before)
    const collected = await collectInto(run, campaign, queries.train, before)
    const [first] = collected.failed
    if (first !== undefined) throw new FailureError(first.failure)
    changes += collected.made
  }
  changes += await importPlanned(run, plan.trajectories.import)
  return changes === 0 ? { value: before, kept: true } : { value: await readPool(run), kept: false }
}

/** One campaign over the queries whose tags match: what is finished by this agent and model on these very queries is kept. */
export async function collectInto(
  run: Run,
  plan: CollectPlan,
  queries: readonly Query[],
  pool: Pool,
): Promise<Collected> {
  const wanted = scoredOf(run, wantedBy(plan, queries))
  const named = unwrap(agentOf(run, plan.agent))
  const { input } = unwrap(await inputOf(run, plan.model))
  const setting = digestOfValue([named.config, input.digest, plan.rounds, run.project.config.sandbox])
  const stale = staleAmong(plan, wanted, setting, pool)
  await setAside(run.project.paths.trajectories, stale, '.jsonl')
  if (stale.length > 0) run.warn(`${plan.name}: ${stale.length} ${MADE_OTHERWISE}`)
  const done = finishedRollouts(pool.members.map((member) => member.trajectory).filter(({ id }) => !stale.includes(id)))
  if (wanted.every((query) => done.has(idOfRollout(plan.name, query)))) return nothingToDo(wanted.length)
  const open = unwrap(await modelOf(run, plan.model))
  try {
    const collected = await collect({
      queries: wanted,
      agent: named.agent,
      model: open.model,
      sandboxes: unwrap(await sandboxOf(run)),
      scorerFor,
      openTrajectory: trajectoryStore(run.project.paths.trajectories).open,
      rounds: plan.rounds,
      campaign: plan.name,
      setting,
      concurrency: CONCURRENCY,
      signal: run.signal,
      onProgress: ({ finished, total }) => {
        if (finished % 50 === 0 || finished === total) run.say(`  ${plan.name}: ${finished} of ${total} rollouts`)
      },
      done,
    })
    run.signal?.throwIfAborted()
    return collected
  } finally {
    await open.close()
  }
}

const MADE_OTHERWISE =
  'trajectories were made of other queries, by another agent or model: they are made anew, the old ones are in trajectories/replaced'

const nothingToDo = (kept: number): Collected => ({ made: 0, kept, failed: [], interrupted: 0 })

const wantedBy = (plan: CollectPlan, queries: readonly Query[]): readonly Query[] =>
  queries.filter((query) => Object.entries(plan.where).every(([tag, value]) => query.tags[tag] === value))

function scoredOf(run: Run, queries: readonly Query[]): readonly Query[] {
  const scored = queries.filter((query) => query.scoring.kind !== 'none')
  const left = queries.length - scored.length
  if (left > 0)
    run.warn(`${plural(left, 'query without checks is', 'queries without checks are')} left out: \`limi queries list\``)
  return scored
}

/** Finished trajectories under the ids that this campaign needs which were made otherwise. */
function staleAmong(plan: CollectPlan, wanted: readonly Query[], setting: string, pool: Pool): string[] {
  const works = new Map(wanted.map((query) => [idOfRollout(plan.name, query), workOf(query, setting)]))
  const done = finishedRollouts(pool.members.map((member) => member.trajectory))
  return [...done].filter(([id, work]) => works.has(id) && works.get(id) !== work).map(([id]) => id)
}

/** What a plan's campaign holds of queries that are no longer in the plan makes room: the pool is what the plan says. */
async function setAsideStrays(run: Run, plan: CollectPlan, queries: readonly Query[], pool: Pool): Promise<number> {
  const wanted = new Set(wantedBy(plan, queries).map((query) => idOfRollout(plan.name, query)))
  const strays = pool.members
    .filter(({ trajectory }) => trajectory.tags['campaign'] === plan.name && !wanted.has(trajectory.id))
    .map(({ trajectory }) => trajectory.id)
  await setAside(run.project.paths.trajectories, strays, '.jsonl')
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

/** Reads every trajectory; one that cannot be read at all is a warning. */
export async function readPool(run: Run): Promise<Pool> {
  const { trajectories, unreadable } = unwrap(await trajectoryStore(run.project.paths.trajectories).readAll())
  for (const { id, failure } of unreadable)
    run.warn(`trajectory ${id} is left aside: ${failure.message} (${failure.where ?? ''})`)
  const members = trajectories.map((trajectory) => ({ trajectory, digest: contentDigest(trajectory) }))
  const imported = trajectories.filter((trajectory) => trajectory.source.kind === 'imported').length
  return {
    members,
    imported,
    builtIn: trajectories.filter((trajectory) => trajectory.source.kind === 'built-in').length,
  }
}
