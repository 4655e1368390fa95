import { failed, FailureError, unwrap, type Failure, type Query, type Result } from '../../../nouns/index.js'
import { nearest } from '../../../shared/project/index.js'
import {
  chooseBest,
  heldRollouts,
  marksFor,
  trajectoryStore,
  type Collected,
  type CollectProgress,
} from '../../../stages/trajectories/index.js'
import { queriesOf } from '../../queries/project.js'
import type { Run } from '../../run.js'
import { readPool } from '../pool.js'
import { collectCampaign } from './campaign.js'
import type { Campaign } from './settings.js'

export interface CollectProjectRequest extends Campaign {
  /** Ids; all of the training split where not given. */
  readonly queries?: readonly string[] | undefined
  /** Tags that a query must have. */
  readonly where: Readonly<Record<string, string>>
  /** Whether the attempt to keep of each query is marked. */
  readonly best: boolean
}

export interface CollectedProject extends Collected {
  /** By query, the trajectory that is marked; only where it was asked for. */
  readonly best?: Readonly<Record<string, string>>
}

/** `limi collect`: agents at the training queries. Throws a `FailureError` where nothing could be made. */
export async function collectProject(
  run: Run,
  request: CollectProjectRequest,
  watch: (progress: CollectProgress) => void,
): Promise<CollectedProject> {
  const queries = unwrap(await chosenQueries(run, request))
  const collected = await collectCampaign(run, request, queries, await readPool(run), watch)
  const general = collected.failed.find(({ failure }) => collected.made === 0 || isOfTheDisk(failure))
  if (general !== undefined) throw new FailureError(collected.stopped ?? general.failure)
  if (!request.best) return collected
  return { ...collected, best: await markBest(run, request.name, queries) }
}

/** What every further rollout meets too, so that the command fails with it, whatever was finished before. */
const isOfTheDisk = (failure: Failure): boolean => failure.code.startsWith('disk.')

async function chosenQueries(
  run: Run,
  { queries: ids, where }: CollectProjectRequest,
): Promise<Result<readonly Query[]>> {
  const all = await queriesOf(run)
  for (const id of ids ?? []) {
    const query = all.find((one) => one.id === id)
    if (query === undefined) return failed(noQuery(id, all))
    if (query.split !== 'train') return failed(heldOut(id))
  }
  const isWanted = (query: Query): boolean =>
    query.split === 'train' &&
    (ids === undefined || ids.includes(query.id)) &&
    Object.entries(where).every(([tag, value]) => query.tags[tag] === value)
  return { ok: true, value: all.filter(isWanted) }
}

/** Marks in each query's finished attempts the one to keep, and takes the mark from the others. */
async function markBest(run: Run, campaign: string, queries: readonly Query[]): Promise<Record<string, string>> {
  const store = trajectoryStore(run.project.paths.trajectories)
  const { members } = await readPool(run)
  const held = heldRollouts(members.map(({ trajectory }) => trajectory))
  const best = chooseBest(campaign, queries, held)
  for (const [id, isBest] of marksFor(campaign, best, held)) unwrap(await store.amend(id, { extra: { best: isBest } }))
  return Object.fromEntries([...best].map(([query, { id }]) => [query, id]))
}

function noQuery(id: string, all: readonly Query[]): Failure {
  const guess = nearest(
    id,
    all.map((query) => query.id),
  )
  return {
    kind: 'input',
    code: 'collect.no-query',
    message: `there is no query called ${JSON.stringify(id)}${guess === null ? '' : `; did you mean ${guess}?`}`,
    where: id,
    remedy: '`limi queries list` names those that are there',
  }
}

const heldOut = (id: string): Failure => ({
  kind: 'input',
  code: 'collect.held-out',
  message: `the query ${id} is held out: what is made of it may never be taught`,
  where: id,
  remedy: 'evaluate with it: `limi eval run heldout`; or give it `split: train`',
})
