import { isFile, nameOf, readListing, type Listed, type Listing } from '../listing.js'
import type { Change, Snapshot } from '../sandbox.js'
import { openBox, type Box } from './box.js'
import { broken, runInside } from './inside.js'

/**
 * The fields of a listing, by GNU's find or, where it is another one, file by file. The time is when a file was last changed in any way.
 */
const LIST = `
cd -- "$1" || exit 1
if find . -maxdepth 0 -printf '' 2>/dev/null; then find . -mindepth 1 -printf '%y %m %s %C@\\0%l\\0%P\\0'; exit 0; fi
find . -mindepth 1 -exec sh -c 'for file do
  kind=o target=
  if [ -L "$file" ]; then kind=l; target=$(readlink -- "$file"); elif [ -f "$file" ]; then kind=f; elif [ -d "$file" ]; then kind=d; fi
  printf "%s %s\\0%s\\0%s\\0" "$kind" "$(stat -c "%a %s %Z" -- "$file")" "$target" "\${file#./}"
done' sh {} +`

const DIGESTS = 'cd -- "$1" && exec xargs -0 -r sha256sum --'

/** A moment of the workspace: what it held, and the image that it can be had from again. */
interface Moment {
  readonly image: string
  readonly listing: Listing
}

export interface Snapshots {
  take(): Promise<Snapshot>
  restore(snapshot: Snapshot): Promise<void>
  diff(since: Snapshot): Promise<Readonly<Record<string, Change>>>
}

/** All files at some moments: images that the engine keeps, of the whole container. Nothing may run meanwhile. */
export function snapshotsOf(box: Box): Snapshots {
  const taken = new Map<string, Moment>()
  const momentOf = ({ id }: Snapshot): Moment => {
    const moment = taken.get(id)
    if (moment === undefined) throw new Error(`snapshot ${id} is of another sandbox`)
    return moment
  }
  return {
    async take() {
      const snapshot = { id: `s${taken.size + 1}` }
      const listing = await listInside(box)
      taken.set(snapshot.id, { listing, image: await box.keep() })
      return snapshot
    },
    async restore(snapshot) {
      const { image } = momentOf(snapshot)
      await box.goOn(image, 'none')
      // What lies in an image was unpacked anew, and has other times of change.
      taken.set(snapshot.id, { image, listing: await listInside(box) })
    },
    async diff(since) {
      const before = momentOf(since)
      return differences(before, await listInside(box), box)
    },
  }
}

export async function listInside(box: Box): Promise<Listing> {
  const { code, bytes, says } = await runInside(box, LIST, [box.walls.system.workspace])
  if (code !== 0 && bytes.length === 0) throw broken('sandbox.list-failed', '.', says)
  return readListing(bytes)
}

async function differences(before: Moment, now: Listing, box: Box): Promise<Readonly<Record<string, Change>>> {
  const paths = [...new Set([...before.listing.keys(), ...now.keys()])].sort()
  const told = paths.map((path) => [path, changeOf(fileIn(before.listing, path), fileIn(now, path))] as const)
  const unsure = told.flatMap(([path, change]) => (change === 'unsure' ? [path] : []))
  const same = unsure.length === 0 ? new Set<string>() : await sameIn(before.image, unsure, box)
  return Object.fromEntries(
    told.flatMap(([path, change]) => {
      if (change === null || (change === 'unsure' && same.has(path))) return []
      return [[nameOf(path), change === 'unsure' ? 'changed' : change]]
    }),
  )
}

function changeOf(was: Listed | undefined, is: Listed | undefined): Change | 'unsure' | null {
  if (was === undefined) return is === undefined ? null : 'added'
  if (is === undefined) return 'removed'
  if (was.kind !== is.kind || was.mode !== is.mode || was.size !== is.size || was.target !== is.target) return 'changed'
  return was.changed === is.changed || is.kind === 'l' ? null : 'unsure'
}

function fileIn(listing: Listing, path: string): Listed | undefined {
  const listed = listing.get(path)
  return listed !== undefined && isFile(listed) ? listed : undefined
}

/** Those of some files that hold the same bytes here and in an image. */
async function sameIn(image: string, paths: readonly string[], box: Box): Promise<ReadonlySet<string>> {
  const then = await openBox(box.walls, image, 'none')
  try {
    const [was, is] = await Promise.all([digestsIn(then, paths), digestsIn(box, paths)])
    return new Set(paths.filter((path) => was.has(path) && was.get(path) === is.get(path)))
  } finally {
    await then.remove()
  }
}

/** By path; of a file that cannot be read there is none. */
async function digestsIn(box: Box, paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const input = Buffer.from(paths.map((path) => `${path}\0`).join(''), 'latin1')
  const { bytes } = await runInside(box, DIGESTS, [box.walls.system.workspace], input)
  const lines = bytes.toString('latin1').split('\n')
  return new Map(lines.flatMap(digestIn))
}

/** A line of sha256sum; a backslash before it says that the name is written with escapes (coreutils' manual, "md5sum invocation"). */
function digestIn(line: string): [string, string][] {
  const [, escaped, digest = '', name] = /^(\\?)([0-9a-f]{64}) [ *](.*)$/s.exec(line) ?? []
  if (name === undefined) return []
  if (escaped === '') return [[name, digest]]
  const meant: Readonly<Record<string, string>> = { '\\n': '\n', '\\r': '\r', '\\\\': '\\' }
  return [[name.replaceAll(/\\[nr\\]/g, (escape) => meant[escape] ?? escape), digest]]
}
