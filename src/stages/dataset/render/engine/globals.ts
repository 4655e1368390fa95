import { asCount, asText, bind, positionals } from './bind.js'
import { EngineError, raise, unsure } from './errors.js'
import { dictOf } from './evaluate.js'
import { str } from './print.js'
import { Scope } from './scope.js'
import { strftime } from './strftime.js'
import { itemsOf, PyDict, PyFunction, PyNamespace, PyRange, type CallArguments, type Value } from './values.js'

/** The longest range that Jinja's sandbox gives out. */
const MOST_IN_RANGE = 100_000

/** What every chat template sees in transformers, but for its own variables. */
export function globalScope(now: Date | null): Scope {
  const scope = new Scope(null)
  const define = (name: string, call: PyFunction['call']): void => scope.set(name, new PyFunction(name, call))
  define('range', range)
  define('dict', dict)
  define('namespace', namespace)
  define('raise_exception', (args) => raise(str(bind('raise_exception', args, ['message'], 1)[0] ?? null)))
  define('strftime_now', (args) => {
    const format = asText('strftime_now', bind('strftime_now', args, ['format'], 1)[0])
    return now === null ? noTime() : strftime(now, format)
  })
  for (const name of ['lipsum', 'cycler', 'joiner']) define(name, () => unsure(`the function ${name}`))
  return scope
}

function noTime(): never {
  throw new EngineError(
    'template.time',
    'the chat template prints the date, and when the conversation was had is not known',
  )
}

function range(args: CallArguments): PyRange {
  const bounds = positionals('range', args, 3, 1).map((value) => asCount('range', value))
  const [start = 0, stop = 0, step = 1] = bounds.length === 1 ? [0, ...bounds] : bounds
  if (step === 0) return raise('range() arg 3 must not be zero')
  const length = Math.max(0, Math.ceil((stop - start) / step))
  if (length > MOST_IN_RANGE)
    return raise(`Range too big. The sandbox blocks ranges larger than MAX_RANGE=${MOST_IN_RANGE}.`)
  return new PyRange(Array.from({ length }, (_, index) => BigInt(start + index * step)))
}

function dict({ positional, named }: CallArguments): PyDict {
  const [source, ...more] = positional
  if (more.length > 0) return raise('dict expected at most 1 argument')
  const pairs = source === undefined ? [] : source instanceof PyDict ? [...source.entries] : itemsOf(source).map(asPair)
  return dictOf([...pairs, ...named])
}

function asPair(item: Value): readonly [Value, Value] {
  const [key, value, ...more] = itemsOf(item)
  return key === undefined || value === undefined || more.length > 0 ? raise('dict takes pairs') : [key, value]
}

function namespace(args: CallArguments): PyNamespace {
  const names = new Map<string, Value>()
  for (const [name, value] of dict(args).entries) {
    if (typeof name !== 'string') unsure('a namespace with a name that is no text')
    else if (name.startsWith('_')) raise(`a namespace takes no name that begins with an underscore: ${name}`)
    else names.set(name, value)
  }
  return new PyNamespace(names)
}
