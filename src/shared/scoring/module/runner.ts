import type { Query, Result } from '../../../nouns/index.js'
import type { Scorer } from '../scorer.js'

/** Gives the scorers that live in a benchmark's own module; each call of one runs in a child process with limits. */
export type ModuleScorers = (query: Query) => Result<Scorer>
