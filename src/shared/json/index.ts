/** JSON from others: how deep it nests, before anything recursive reads it. */
export { MAX_NESTING, tooDeepAt } from './nesting.js'
export { parsePythonJson } from './python.js'
