import { asCount, bind } from '../bind.js'
import { raise, unsure } from '../errors.js'
import { toJson, type JsonOptions } from '../json.js'
import { isList, isTrue, PyTuple, type CallArguments, type Value } from '../values.js'

type Separators = JsonOptions['separators']

/** transformers' own `tojson`: `json.dumps` that leaves characters as they are and escapes nothing for HTML. */
export const JSON_FILTERS: ReadonlyMap<string, (input: Value, args: CallArguments) => Value> = new Map([
  [
    'tojson',
    (input, args) => {
      const names = ['ensure_ascii', 'indent', 'separators', 'sort_keys']
      const [ensureAscii = false, indent = null, separators = null, sortKeys = false] = bind('tojson', args, names)
      return toJson(input, {
        ensureAscii: isTrue(ensureAscii),
        sortKeys: isTrue(sortKeys),
        indent: indentOf(indent),
        separators: separatorsOf(separators, indent),
      })
    },
  ],
])

function indentOf(indent: Value): string | null {
  if (indent === null || typeof indent === 'string') return indent
  return ' '.repeat(Math.min(Math.max(0, asCount('indent', indent)), 100))
}

function separatorsOf(separators: Value, indent: Value): Separators {
  if (separators === null) return { item: indent === null ? ', ' : ',', key: ': ' }
  const parts = separators instanceof PyTuple ? separators.items : isList(separators) ? separators : raise('separators')
  const [item, key] = parts
  return parts.length === 2 && typeof item === 'string' && typeof key === 'string'
    ? { item, key }
    : unsure('separators of tojson that are not two texts')
}
