import { field, isFields, listIn, textIn } from '../../json/index.js'

/** A call whose arguments come piece by piece (`streamFunctionCallArguments`), each at a path as `$.list[0].name`. */
export class PartialArguments {
  readonly value: Container = bare()
  /** The path whose text goes on. */
  #open: string | undefined
  /** What was put last, and how deep. */
  #last = { depth: 0, isText: false }

  /** As far as it came: JSON that ends where more is to come. */
  get text(): string {
    const { depth, isText } = this.#last
    const closing = depth + (isText && this.#open !== undefined ? 1 : 0)
    return depth === 0 ? '' : JSON.stringify(this.value).slice(0, -closing)
  }

  /** False where a piece has no place. */
  take(call: unknown): boolean {
    return listIn(call, 'partialArgs').every((piece) => this.#put(piece))
  }

  #put(piece: unknown): boolean {
    const path = textIn(piece, 'jsonPath')
    const keys = path === undefined ? null : keysOf(path)
    const depth = keys?.length ?? 0
    const last = keys?.pop()
    if (path === undefined || keys === null || last === undefined) return false
    const container = this.#containerAt(keys, last)
    if (container === null) return false
    const value = valueOf(piece)
    const before = container[last]
    const goesOn = this.#open === path && typeof before === 'string' && typeof value === 'string'
    container[last] = goesOn ? before + value : value
    this.#open = field(piece, 'willContinue') === true ? path : undefined
    this.#last = { depth, isText: typeof value === 'string' }
    return true
  }

  #containerAt(keys: readonly (string | number)[], last: string | number): Container | null {
    let at = this.value
    for (const [index, key] of keys.entries()) {
      const next = keys[index + 1] ?? last
      if (Array.isArray(at) !== (typeof key === 'number')) return null
      const inner = at[key] ?? (typeof next === 'number' ? ([] as unknown) : bare())
      if (!isFields(inner) && !Array.isArray(inner)) return null
      at[key] = inner
      at = inner as Container
    }
    return Array.isArray(at) === (typeof last === 'number') ? at : null
  }
}

type Container = Record<string | number, unknown>

/** Whatever a key's name is, it is a key. */
const bare = (): Container => Object.create(null) as Container

const STEP = /\.([^.[\]]+)|\[(\d{1,4})\]|\['([^']*)'\]/y

function keysOf(path: string): (string | number)[] | null {
  if (!path.startsWith('$')) return null
  const keys: (string | number)[] = []
  for (let at = 1; at < path.length; at = STEP.lastIndex) {
    STEP.lastIndex = at
    const [, name, index, quoted] = STEP.exec(path) ?? []
    if (index !== undefined) keys.push(Number(index))
    else if (name !== undefined || quoted !== undefined) keys.push(name ?? quoted ?? '')
    else return null
  }
  return keys
}

const valueOf = (piece: unknown): unknown =>
  ['stringValue', 'numberValue', 'boolValue'].map((name) => field(piece, name)).find((one) => one !== undefined) ?? null
