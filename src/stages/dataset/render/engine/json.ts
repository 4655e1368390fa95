import { raise, unsure } from './errors.js'
import { printFloat, printInteger } from './print.js'
import { isList, isText, PyDict, PyTuple, typeName, type Key, type Value } from './values.js'
import { comparePoints } from './compare.js'

/** Options of transformers' `tojson`, which are `json.dumps`'s. */
export interface JsonOptions {
  readonly ensureAscii: boolean
  readonly sortKeys: boolean
  /** What one level is indented by; null for one line. */
  readonly indent: string | null
  readonly separators: { readonly item: string; readonly key: string }
}

/** Python's `json.dumps`. */
export function toJson(value: Value, options: JsonOptions, depth = 0): string {
  if (value === null) return 'null'
  if (typeof value === 'boolean') return String(value)
  if (typeof value === 'bigint') return printInteger(value)
  if (typeof value === 'number') return floatAsJson(value)
  if (isText(value)) return textAsJson(typeof value === 'string' ? value : value.text, options)
  if (isList(value) || value instanceof PyTuple) {
    const items = isList(value) ? value : value.items
    return inBrackets(
      '[',
      ']',
      items.map((item) => toJson(item, options, depth + 1)),
      options,
      depth,
    )
  }
  if (!(value instanceof PyDict)) return raise(`Object of type ${typeName(value)} is not JSON serializable`)
  const pairs = sorted([...value.entries], options).map(
    ([key, item]) => textAsJson(keyAsText(key), options) + options.separators.key + toJson(item, options, depth + 1),
  )
  return inBrackets('{', '}', pairs, options, depth)
}

function sorted(entries: readonly (readonly [Key, Value])[], { sortKeys }: JsonOptions): typeof entries {
  if (!sortKeys) return entries
  return entries.toSorted(([a], [b]) =>
    typeof a === 'string' && typeof b === 'string'
      ? comparePoints(a, b)
      : unsure('sort_keys with keys that are no text'),
  )
}

const keyAsText = (key: Key): string => (key === null ? 'null' : typeof key === 'bigint' ? printInteger(key) : key)

function floatAsJson(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity'
  return printFloat(value)
}

function textAsJson(text: string, { ensureAscii }: JsonOptions): string {
  const json = JSON.stringify(text)
  if (!ensureAscii) return json
  return json.replaceAll(/[\x7f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

function inBrackets(
  open: string,
  close: string,
  parts: readonly string[],
  options: JsonOptions,
  depth: number,
): string {
  const { indent, separators } = options
  if (indent === null || parts.length === 0) return open + parts.join(separators.item) + close
  const inner = `\n${indent.repeat(depth + 1)}`
  return open + inner + parts.join(separators.item + inner) + `\n${indent.repeat(depth)}${close}`
}
