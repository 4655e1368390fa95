/** Fields of values of unknown shape, as importers read them. */
export {
  field,
  fieldsIn,
  fieldsOf,
  isCount,
  isFields,
  listIn,
  textIn,
  type Fields,
} from '../../../shared/json/index.js'
