/**
 * limi as a library: the nouns, the stages in the order of the method, and the parts they stand on.
 *
 * Functions take what they need and return what they made; an expected failure is a value (`Result`), never an exception.
 */

// The nouns: zod schemas and types of everything that crosses a boundary.
export * from './nouns/index.js'

// The whole method.
export { limi } from './pipeline.js'
export { demoConfig, DEMO_MODEL, runDemo, runProject } from './pipeline/index.js'

// Its stages.
export * as queries from './stages/queries/index.js'
export * as trajectories from './stages/trajectories/index.js'
export * as curation from './stages/curation/index.js'
export * as dataset from './stages/dataset/index.js'
export * as training from './stages/training/index.js'
export * as evaluation from './stages/evaluation/index.js'

// A benchmark of one's own: `export const benchmark = defineBenchmark({ name, tasks, score })`.
export { defineBenchmark } from './shared/scoring/index.js'
export type { GivenScore, ModuleTask, OwnBenchmark, ScoredFiles, ScoreInput } from './shared/scoring/index.js'

// What they stand on.
export * as project from './shared/project/index.js'
export * as models from './shared/models/index.js'
export * as agents from './shared/agents/index.js'
export * as sandboxes from './shared/sandboxes/index.js'
export * as scoring from './shared/scoring/index.js'
export * as rollouts from './shared/rollouts/index.js'
export * as report from './shared/report/index.js'
