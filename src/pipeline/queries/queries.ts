import path from 'node:path'
import { unwrap, type Query, type RunPlan, type ScriptEntry } from '../../nouns/index.js'
import { setAside, writeFileAtomic } from '../../shared/project/index.js'
import { plural } from '../../shared/report/index.js'
import { findBenchmark, type BenchmarkTask } from '../../stages/evaluation/index.js'
import { mineRepository, queryStore } from '../../stages/queries/index.js'
import { isRecorded, record } from '../trajectories/record.js'
import { heldOutTasks } from './held-out.js'
import { queriesOf } from './project.js'
import { asItLies, type Made, type Run } from '../run.js'

export interface GatheredQueries {
  readonly train: readonly Query[]
  readonly mined: readonly Query[]
  /** Never taught; not stored among the queries. */
  readonly heldOut: readonly BenchmarkTask[]
  /** The project's own queries that say `split: heldout`: never taught either. */
  readonly ownHeldOut: readonly Query[]
}

/** Stage 1: what people ask. From the benchmark's taught families, from a git history, and those that lie there already. */
export async function gatherQueries(run: Run, plan: RunPlan): Promise<Made<GatheredQueries>> {
  const given = asItLies(run, 'queries')
  const taught = given ? { kept: true } : await takeFromBenchmark(run, plan)
  const mined = given ? { kept: true } : await mineInto(run, plan.queries.mine)
  const all = await queriesOf(run)
  const train = all.filter((query) => query.split === 'train' && query.source.kind !== 'mined')
  const fromHistory = all.filter((query) => query.source.kind === 'mined')
  const ownHeldOut = all.filter((query) => query.split === 'heldout')
  const value = { train, mined: fromHistory, heldOut: await heldOutTasks(run), ownHeldOut }
  return { value, kept: taught.kept && mined.kept }
}

async function takeFromBenchmark(run: Run, plan: RunPlan): Promise<{ kept: boolean }> {
  const { benchmark: name, train: count } = plan.queries
  if (name === undefined || count === 0) return { kept: true }
  const parameters = { benchmark: name, count, seed: plan.seed }
  if (await isRecorded(run, 'queries', {}, parameters)) return { kept: true }
  const demonstrations = unwrap(findBenchmark(name)).demonstrations?.({ seed: plan.seed, count })
  if (demonstrations === undefined) return { kept: true }
  const store = queryStore(run.project.paths.queries)
  await setAsideOthers(run, name, new Set(demonstrations.queries.map((query) => query.id)))
  for (const query of demonstrations.queries) unwrap(await store.write(query))
  for (const [demonstrator, entries] of Object.entries(demonstrations.scripts))
    await writeScript(run, demonstrator, entries)
  await record(run, 'queries', {}, parameters)
  return { kept: false }
}

/** Queries that another plan took from the same benchmark make room, so that what is taught is what the plan says. */
async function setAsideOthers(run: Run, benchmark: string, wanted: ReadonlySet<string>): Promise<void> {
  const others = (await queriesOf(run)).filter(
    ({ id, source }) => source.kind === 'benchmark' && source.benchmark === benchmark && !wanted.has(id),
  )
  if (others.length === 0) return
  await setAside(
    run.project.paths.queries,
    others.map((query) => query.id),
    '.yaml',
  )
  run.warn(
    `${plural(others.length, `query that another plan took from ${benchmark} is`, `queries that another plan took from ${benchmark} are`)} now in queries/replaced`,
  )
}

async function writeScript(run: Run, name: string, entries: readonly ScriptEntry[]): Promise<void> {
  const lines = entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')
  unwrap(await writeFileAtomic(path.join(run.project.root, 'scripts', `${name}.jsonl`), lines))
}

export interface MinePlan {
  readonly repository: string
  readonly limit: number
}

/** Mines a local repository into `queries/`, once a plan: `limi queries mine` takes in later commits. A repository that cannot be read is a warning: the run goes on without it. */
async function mineInto(run: Run, plan: MinePlan | undefined): Promise<{ kept: boolean }> {
  if (plan === undefined || (await isRecorded(run, 'mine', {}, { ...plan }))) return { kept: true }
  const repository = path.resolve(run.project.root, plan.repository)
  const mined = await mineRepository({ repository, limit: plan.limit, signal: run.signal })
  if (!mined.ok) {
    run.warn(`no queries mined: ${mined.failure.message} (${mined.failure.code})`)
    return { kept: true }
  }
  const store = queryStore(run.project.paths.queries)
  const there = new Set(unwrap(await store.list()))
  const fresh = mined.value.candidates.filter((query) => !there.has(query.id))
  for (const query of fresh) unwrap(await store.write(query))
  await record(run, 'mine', {}, { ...plan })
  return { kept: false }
}
