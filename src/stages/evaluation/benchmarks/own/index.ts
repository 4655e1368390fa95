/** Benchmarks of the user's own: held-out queries, a folder of tasks, a module. */
export { readFolder } from './folder.js'
export { HELDOUT, heldoutBenchmark } from './heldout.js'
export { moduleBenchmark } from './module.js'
export { ownBenchmark } from './own.js'
