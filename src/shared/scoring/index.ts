/** What a state is worth. */
export { NEUTRAL_FEEDBACK } from './checks/index.js'
export type * from './judge/index.js'
export type * from './module/index.js'
export { scorerFor, type ScoringMeans } from './scorers.js'
export type * from './scorer.js'
