import { execa } from 'execa'
import { FailureError } from '../../../nouns/index.js'
import { LISTING_FORMAT, readListing, type Listing } from '../listing.js'
import type { Place } from './place.js'

/** Longer listings are none. */
const MOST_BYTES = 256 << 20
const TIMEOUT_MS = 60_000

/**
 * All that lies in a workspace, as its own user sees it; nothing may run in it meanwhile. No link is followed, so that it need not be listed inside
 * the walls. Failure: `sandbox.list-failed`.
 */
export async function listingOf(place: Place): Promise<Listing> {
  const command: readonly string[] = [
    ...place.prefix(),
    'find',
    place.workspace,
    '-mindepth',
    '1',
    '-printf',
    LISTING_FORMAT,
  ]
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
