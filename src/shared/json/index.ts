/** JSON from others: lines of bounded length; how deep it nests, before anything recursive reads it; and fields of values of unknown shape. */
export { field, fieldsIn, fieldsOf, isCount, isFields, listIn, textIn, type Fields } from './fields.js'
export { readLineGroups, readLines, type Line } from './lines.js'
export { MAX_NESTING, tooDeepAt } from './nesting.js'
export { omit } from './omit.js'
export { parsePythonJson } from './python.js'
export { rawFields, rawItems } from './raw.js'
export { readJson } from './read.js'
