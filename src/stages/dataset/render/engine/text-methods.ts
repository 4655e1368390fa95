import { asCount, asText, bind, positionals, textsOf } from './bind.js'
import { capitalise, casePattern, lower, title, upper } from './case.js'
import { raise, unsure } from './errors.js'
import { formatBraces } from './format.js'
import { STR_METHODS } from './known-names.js'
import { pointAt } from './points.js'
import { pad, replaceText, splitLines, splitText, stripText } from './text.js'
import { isAscii, settled } from './unicode.js'
import { itemsOf, PyFunction, PyTuple, type CallArguments, type Value } from './values.js'

type Method = (text: string, args: CallArguments) => Value

const plain =
  (name: string, method: (text: string) => Value): Method =>
  (text, args) => {
    positionals(name, args, 0)
    return method(text)
  }

const strips =
  (name: string, side: 'both' | 'start' | 'end'): Method =>
  (text, args) => {
    const [characters = null] = positionals(name, args, 1)
    return stripText(text, characters === null ? null : asText(name, characters), side)
  }

const splits =
  (name: string, fromEnd: boolean): Method =>
  (text, args) => {
    const [separator = null, most = -1n] = bind(name, args, ['sep', 'maxsplit'])
    return splitText(text, separator === null ? null : asText(name, separator), asCount(name, most), fromEnd)
  }

const edges =
  (name: string, has: (text: string, edge: string) => boolean): Method =>
  (text, args) => {
    const [edge, ...bounds] = positionals(name, args, 3, 1)
    return bounds.length > 0 ? unsure(`${name} with bounds`) : textsOf(name, edge).some((each) => has(text, each))
  }

const finds =
  (name: string, find: (text: string, part: string) => number, absent: () => bigint): Method =>
  (text, args) => {
    const [part, ...bounds] = positionals(name, args, 3, 1)
    if (bounds.length > 0) return unsure(`${name} with bounds`)
    const unit = find(text, asText(name, part))
    return unit === -1 ? absent() : BigInt(pointAt(text, unit))
  }

const pads =
  (name: string, side: 'left' | 'right'): Method =>
  (text, args) => {
    const [width = 0n, fill = ' '] = positionals(name, args, 2, 1)
    return pad(text, asCount(name, width), asText(name, fill), side)
  }

const partitions =
  (name: string, find: (text: string, part: string) => number, whole: (text: string) => readonly string[]): Method =>
  (text, args) => {
    const part = asText(name, positionals(name, args, 1, 1)[0])
    if (part === '') return raise('empty separator')
    const at = find(text, part)
    return new PyTuple(at === -1 ? whole(text) : [text.slice(0, at), part, text.slice(at + part.length)])
  }

const every = (pattern: RegExp): Method => plain('is…', (text) => pattern.test(settled(text)))
const first = (text: string, part: string): number => text.indexOf(part)
const last = (text: string, part: string): number => text.lastIndexOf(part)
const notFound = (): never => raise('substring not found')

const METHODS: ReadonlyMap<string, Method> = new Map<string, Method>([
  ['capitalize', plain('capitalize', capitalise)],
  ['count', (text, args) => countOf(text, asText('count', positionals('count', args, 1, 1)[0]))],
  ['endswith', edges('endswith', (text, edge) => text.endsWith(edge))],
  ['find', finds('find', first, () => -1n)],
  ['format', formatBraces],
  ['index', finds('index', first, notFound)],
  ['isalpha', every(/^\p{L}+$/u)],
  ['isascii', plain('isascii', isAscii)],
  ['isdecimal', every(/^\p{Nd}+$/u)],
  ['islower', plain('islower', (text) => casePattern(text) === 'lower')],
  ['isspace', plain('isspace', (text) => text !== '' && stripText(text, null, 'both') === '')],
  ['isupper', plain('isupper', (text) => casePattern(text) === 'upper')],
  ['join', (text, args) => joined(text, positionals('join', args, 1, 1)[0] ?? null)],
  ['ljust', pads('ljust', 'right')],
  ['lower', plain('lower', lower)],
  ['lstrip', strips('lstrip', 'start')],
  ['partition', partitions('partition', first, (text) => [text, '', ''])],
  [
    'removeprefix',
    (text, args) =>
      without(
        'removeprefix',
        text,
        args,
        (edge) => text.startsWith(edge),
        (n) => text.slice(n),
      ),
  ],
  [
    'removesuffix',
    (text, args) =>
      without(
        'removesuffix',
        text,
        args,
        (edge) => text.endsWith(edge),
        (n) => text.slice(0, text.length - n),
      ),
  ],
  ['replace', replaceMethod],
  ['rfind', finds('rfind', last, () => -1n)],
  ['rindex', finds('rindex', last, notFound)],
  ['rjust', pads('rjust', 'left')],
  ['rpartition', partitions('rpartition', last, (text) => ['', '', text])],
  ['rsplit', splits('rsplit', true)],
  ['rstrip', strips('rstrip', 'end')],
  ['split', splits('split', false)],
  ['splitlines', (text, args) => splitLines(text, bind('splitlines', args, ['keepends'])[0] ?? false)],
  ['startswith', edges('startswith', (text, edge) => text.startsWith(edge))],
  ['strip', strips('strip', 'both')],
  ['title', plain('title', title)],
  ['upper', plain('upper', upper)],
])

/** A method of Python's str; undefined where it has none of this name. */
export function textMethod(text: string, name: string): PyFunction | undefined {
  if (!STR_METHODS.has(name)) return undefined
  const method = METHODS.get(name) ?? (() => unsure(`the method ${name} of a text`))
  return new PyFunction(name, (args) => method(text, args))
}

function countOf(text: string, part: string): bigint {
  return part === '' ? unsure('count of an empty text') : BigInt(text.split(part).length - 1)
}

function joined(separator: string, items: Value): string {
  return itemsOf(items)
    .map((item) => asText('join', item))
    .join(separator)
}

function without(
  name: string,
  text: string,
  args: CallArguments,
  has: (edge: string) => boolean,
  cut: (length: number) => string,
): string {
  const edge = asText(name, positionals(name, args, 1, 1)[0])
  return has(edge) ? cut(edge.length) : text
}

function replaceMethod(text: string, args: CallArguments): string {
  // Python takes `count` by name from 3.13 on only.
  if (args.named.size > 0) return unsure('replace with named arguments')
  const [old, fresh, count = -1n] = positionals('replace', args, 3, 2)
  return replaceText(text, asText('replace', old), asText('replace', fresh), asCount('replace', count))
}
