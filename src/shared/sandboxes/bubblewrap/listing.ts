import { execa } from 'execa'
import { FailureError } from '../../../nouns/index.js'
import type { Place } from './place.js'

/** Longer listings are none. */
const MOST_BYTES = 256 << 20

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

const FORMAT = '%y %m %s %C@\\0%l\\0%P\\0'
const TIMEOUT_MS = 60_000

/**
 * All that lies in a workspace, as its own user sees it; nothing may run in it meanwhile. No link is followed, so that it need not be listed inside
 * the walls. Failure: `sandbox.list-failed`.
 */
export async function listingOf(place: Place): Promise<Listing> {
  const command: readonly string[] = [...place.prefix(), 'find', place.workspace, '-mindepth', '1', '-printf', FORMAT]
  const [program = '', ...words] = command
  const options = {
    encoding: 'buffer',
    maxBuffer: MOST_BYTES,
    timeout: TIMEOUT_MS,
    reject: false,
    stdin: 'ignore',
  } as const
  const { stdout, stderr, exitCode, isMaxBuffer, timedOut } = await execa(program, words, options)
  // What is shut is not listed, and makes it end with 1.
  const isWhole = !isMaxBuffer && !timedOut && (exitCode === 0 || (exitCode === 1 && stdout.length > 0))
  if (isWhole) return readListing(Buffer.from(stdout))
  const said = Buffer.from(stderr).toString('utf8').slice(0, 1000)
  throw new FailureError({
    kind: 'input',
    code: 'sandbox.list-failed',
    message: said.trim() === '' ? 'the workspace holds too much to be listed' : said.trim(),
    where: '.',
  })
}

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
