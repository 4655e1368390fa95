/** What a listing tells of a file or a link; the time is when it was last changed in any way, which nobody inside can set. */
export interface Listed {
  readonly kind: string
  readonly mode: string
  readonly size: string
  readonly changed: string
  readonly target: string
}

/** By path relative to the workspace; folders stand in it too. */
export type Listing = ReadonlyMap<string, Listed>

/** What `find -printf` is to tell, for {@link readListing}. */
export const LISTING_FORMAT = '%y %m %s %C@\\0%l\\0%P\\0'

/** Names need not be UTF-8: latin1 keeps every byte. */
export function readListing(bytes: Buffer): Listing {
  const fields = bytes.toString('latin1').split('\0')
  const listing = new Map<string, Listed>()
  for (let at = 0; at + 2 < fields.length; at += 3) {
    const [kind = '', mode = '', size = '', changed = ''] = (fields[at] ?? '').split(' ')
    listing.set(fields[at + 2] ?? '', { kind, mode, size, changed, target: fields[at + 1] ?? '' })
  }
  return listing
}

export const isFile = ({ kind }: Listed): boolean => kind === 'f' || kind === 'l'

/** A path as people read it. */
export const nameOf = (path: string): string => Buffer.from(path, 'latin1').toString('utf8')
