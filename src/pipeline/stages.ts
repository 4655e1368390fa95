import type { Checkpoint, DatasetManifest, Evaluation, Selection, Verdict } from '../nouns/index.js'
import type { Pool } from './trajectories/pool.js'
import type { GatheredQueries } from './queries/queries.js'
import type { Made } from './run.js'

export { STAGES, type Stage } from './stage-names.js'

/** By name of the arm. */
export type ByArm<T> = Readonly<Record<string, T>>

/** A finished stage, as the caller of the pipeline sees it. */
export type StageDone =
  | ({ readonly stage: 'queries' } & Made<GatheredQueries>)
  | ({ readonly stage: 'trajectories' } & Made<Pool>)
  | ({ readonly stage: 'curation' } & Made<ByArm<Selection>>)
  | ({ readonly stage: 'dataset' } & Made<ByArm<DatasetManifest>>)
  | ({ readonly stage: 'training' } & Made<ByArm<Checkpoint>>)
  | ({ readonly stage: 'evaluation' } & Made<ByArm<Evaluation>>)
  | ({ readonly stage: 'verdict' } & Made<ByArm<Verdict>>)

/** What every stage of a finished run made. */
export interface Finished {
  readonly queries: GatheredQueries
  readonly trajectories: Pool
  readonly curation: ByArm<Selection>
  readonly dataset: ByArm<DatasetManifest>
  readonly training: ByArm<Checkpoint>
  readonly evaluation: ByArm<Evaluation>
  readonly verdict: ByArm<Verdict>
}
