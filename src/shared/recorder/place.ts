import { dialectAt, type Operation, type WireDialect } from '../wire/index.js'

export interface Place {
  readonly dialect: WireDialect
  readonly operation: Operation
}

/** The dialect of a path, whatever stands before the dialect's own paths. */
export function placeOf(method: string, path: string): Place | null {
  for (let at = 0; at !== -1; at = path.indexOf('/', at + 1)) {
    const place = dialectAt(method, path.slice(at))
    if (place !== null) return place
  }
  return null
}
