/** Candidate queries from the history of a git repository, none of which is run. */
export { mineRepository, type Mined, type MineRequest } from './mine.js'
export { solutionLines } from './solution.js'
