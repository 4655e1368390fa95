/** Queries on disk: a YAML file each. */
export { digestOfQuery, queryStore, type AllQueries, type QueryStore } from './store.js'
export { readYaml } from './yaml.js'
