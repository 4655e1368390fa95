/** Benchmarks of the user's own: held-out queries, a folder of tasks. */
export { readFolder } from './folder.js'
export { HELDOUT, heldoutBenchmark } from './heldout.js'
