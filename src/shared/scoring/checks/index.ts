/** Requirements on the final state: files, the answer, the outcome of a command. */
export { checksScorer } from './checks.js'
