/** A copy without some fields, whatever their names. */
export { omit } from '../../../shared/json/index.js'
