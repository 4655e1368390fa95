/** Queries: what people ask an agent to do; added by hand, mined from histories, stored a YAML file each. */
export { addQuery, type NewQuery } from './add/index.js'
export { describeQuery } from './describe.js'
export { mineRepository, solutionLines, type Mined, type MineRequest } from './mine/index.js'
export { digestOfQuery, queryStore, type AllQueries, type QueryStore } from './store/index.js'
