import { bind } from '../bind.js'
import { raise, unsure } from '../errors.js'
import { JINJA_FILTERS } from '../known-names.js'
import { type CallArguments, type Value } from '../values.js'
import type { Filter } from './filter.js'
import { JSON_FILTERS } from './json.js'
import { LIST_FILTERS } from './lists.js'
import { pathGetter } from './path.js'
import { lazily, mapped, PICK_FILTERS } from './pick.js'
import { TEXT_FILTERS } from './texts.js'
import { VALUE_FILTERS } from './values.js'

const FILTERS: ReadonlyMap<string, Filter> = new Map<string, Filter>([
  ...VALUE_FILTERS,
  ...TEXT_FILTERS,
  ...LIST_FILTERS,
  ...PICK_FILTERS,
  ...JSON_FILTERS,
  ['map', (input, args) => lazily(input, (items) => mapped(items, mapper(args)))],
])

/** Jinja's filter of this name; one that Jinja has and this engine lacks is refused when it is used. */
export function applyFilter(name: string, input: Value, args: CallArguments): Value {
  const filter = FILTERS.get(name) ?? (() => unsure(`the filter ${name}`))
  return filter(input, args)
}

/** What `map` does to each item: take an attribute, or apply a filter. */
function mapper(args: CallArguments): (item: Value) => Value {
  const { positional, named } = args
  if (positional.length === 0 && named.has('attribute')) {
    const [attribute = null, fallback] = bind('map', args, ['attribute', 'default'])
    return pathGetter(attribute, fallback)
  }
  const [filter, ...rest] = positional
  if (filter === undefined) return raise('map requires a filter argument')
  if (typeof filter !== 'string' || !JINJA_FILTERS.has(filter)) {
    return unsure('a filter by a name that is not known here')
  }
  return (item) => applyFilter(filter, item, { positional: rest, named })
}
