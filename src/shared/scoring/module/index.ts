/** Benchmarks that are modules of the user's own: loaded and scored in a process with limits. */
export { defineBenchmark } from './define.js'
export type { GivenScore, ModuleTask, OwnBenchmark, ScoredFiles, ScoreInput } from './define.js'
export type { LoadedBenchmark } from './loaded.js'
export { openModule, type ModuleScorers, type OpenModule } from './runner.js'
