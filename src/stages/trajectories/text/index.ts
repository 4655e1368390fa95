/** Reading text that may be hostile: lines and elements of bounded length, JSON of bounded depth, numbers to the digit. */
export type { Element } from './element-token.js'
export { readElements } from './elements.js'
export { MAX_NESTING, readLineGroups, readLines, tooDeepAt, type Line } from '../../../shared/json/index.js'
export { inexactNumbersIn, parseExact, sourceTextOf } from './parse.js'
export { scanText } from './scan.js'
