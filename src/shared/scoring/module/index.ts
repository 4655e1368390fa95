/** Scorers of a benchmark's own module. */
export type * from './runner.js'
