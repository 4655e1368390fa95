/** JSON from others: how deep it nests, before anything recursive reads it; and fields of values of unknown shape. */
export { field, fieldsIn, fieldsOf, isCount, isFields, listIn, textIn, type Fields } from './fields.js'
export { MAX_NESTING, tooDeepAt } from './nesting.js'
export { omit } from './omit.js'
export { parsePythonJson } from './python.js'
export { rawFields, rawItems } from './raw.js'
export { readJson } from './read.js'
