import { raise, unsure } from './errors.js'
import { repr, str } from './print.js'
import { isList, isNumeric, PyDict, PyTuple, typeName, type CallArguments, type Value } from './values.js'

/** `'%s and %d' % values`; widths, precisions and named values are not known here. */
export function formatPercent(template: string, values: Value): string {
  const items = values instanceof PyTuple ? [...values.items] : [values]
  const text = template.replaceAll(/%(.?)/gsu, (_whole, code: string) => {
    if (code === '%') return '%'
    const item = items.shift()
    if (item === undefined) return raise('not enough arguments for format string')
    return formatOne(code, item)
  })
  if (items.length > 0 && !(values instanceof PyDict || isList(values)))
    raise('not all arguments converted during string formatting')
  return text
}

function formatOne(code: string, value: Value): string {
  if (code === 's') return str(value)
  if (code === 'r') return repr(value)
  if ((code === 'd' || code === 'i') && (typeof value === 'bigint' || typeof value === 'boolean')) {
    return str(BigInt(value))
  }
  if ((code === 'd' || code === 'i') && !isNumeric(value))
    raise(`%d format: a real number is required, not ${typeName(value)}`)
  return unsure(`%${code} in a format`)
}

const FIELD = /\{\{|\}\}|\{([^{}]*)\}|[{}]/g

/** `'{} {1} {name}'.format(…)`; conversions, formats, fields of fields are not known here. */
export function formatBraces(template: string, { positional, named }: CallArguments): string {
  let next = 0
  return template.replaceAll(FIELD, (whole, field: string | undefined) => {
    if (whole === '{{' || whole === '}}') return whole.slice(1)
    if (field === undefined) return raise('Single brace encountered in format string')
    if (!/^\w*$/.test(field)) return unsure(`the format field ${whole}`)
    const value = field === '' ? positional[next++] : /^\d+$/.test(field) ? positional[Number(field)] : named.get(field)
    return value === undefined ? raise(`nothing to put into the format field ${whole}`) : str(value)
  })
}
