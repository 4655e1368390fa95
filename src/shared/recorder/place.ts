import { dialectAt, type Operation, type WireDialect } from '../wire/index.js'

export interface Place {
  readonly dialect: WireDialect
  readonly operation: Operation
}

/** The dialect of a path, its query aside, whatever stands before the dialect's own paths. */
export function placeOf(method: string, path: string, query = ''): Place | null {
  for (let at = 0; at !== -1; at = path.indexOf('/', at + 1)) {
    const place = dialectAt(method, path.slice(at), query)
    if (place !== null) return place
  }
  return null
}

/** What stands behind an address's question mark. */
export function queryOf(url: string): string {
  const at = url.indexOf('?')
  return at === -1 ? '' : url.slice(at + 1)
}
