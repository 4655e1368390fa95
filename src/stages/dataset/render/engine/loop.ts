import { positionals } from './bind.js'
import { equals } from './compare.js'
import { raise, unsure } from './errors.js'
import type { PyLoop } from './values.js'
import { PyFunction, PyUndefined, type Value } from './values.js'

/** A field of the variable `loop`; undefined where it has none of this name. */
export function loopAttribute(loop: PyLoop, name: string): Value | undefined {
  const { items, index0 } = loop
  const place = (value: number): bigint => BigInt(value)
  switch (name) {
    case 'index':
      return place(index0 + 1)
    case 'index0':
      return place(index0)
    case 'revindex':
      return place(items.length - index0)
    case 'revindex0':
      return place(items.length - index0 - 1)
    case 'first':
      return index0 === 0
    case 'last':
      return index0 === items.length - 1
    case 'length':
      return place(items.length)
    case 'depth':
      return 1n
    case 'depth0':
      return 0n
    case 'previtem':
      return index0 === 0 ? new PyUndefined('there is no previous item') : (items[index0 - 1] ?? null)
    case 'nextitem':
      return index0 === items.length - 1 ? new PyUndefined('there is no next item') : (items[index0 + 1] ?? null)
    case 'cycle':
      return new PyFunction('cycle', (args) => {
        const choices = positionals('cycle', args, Infinity)
        return choices[index0 % choices.length] ?? (choices.length === 0 ? raise('no items for cycling given') : null)
      })
    case 'changed':
      return new PyFunction('changed', (args) => changed(loop, positionals('changed', args, Infinity)))
    default:
      return /^_/.test(name) ? unsure(`the attribute ${name} of loop`) : undefined
  }
}

function changed({ memory }: PyLoop, values: readonly Value[]): boolean {
  const before = memory.changed
  memory.changed = values
  return before === null || !equals(before, values)
}
