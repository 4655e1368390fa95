import { execa } from 'execa'
import type { Change, Snapshot } from '../sandbox.js'
import { AS_OWNER, type Caller } from './caller.js'
import { differencesBetween, type Moment } from './differences.js'
import type { Listing } from '../listing.js'
import { listingOf } from './list.js'
import type { Place } from './place.js'

/** All files at some moments: a copy of what was written, and a listing of the whole. Nothing may run meanwhile. */
export interface Snapshots {
  list(): Promise<Listing>
  take(): Promise<Snapshot>
  restore(snapshot: Snapshot): Promise<void>
  diff(since: Snapshot): Promise<Readonly<Record<string, Change>>>
}

export function snapshotsOf(place: Place, caller: Caller): Snapshots {
  const taken = new Map<string, Moment>()
  const below = place.base === undefined ? [] : [place.base]
  const folderOf = ({ id }: Snapshot): string => place.folder(`snapshot-${id}`)
  const momentOf = ({ id }: Snapshot): Moment => {
    const moment = taken.get(id)
    if (moment === undefined) throw new Error(`snapshot ${id} is of another sandbox`)
    return moment
  }
  const list = () => listingOf(place)
  return {
    list,
    async take() {
      const snapshot = { id: `s${taken.size + 1}` }
      const [listing] = await Promise.all([list(), asOwner(caller, [...COPY, '--', place.layer, folderOf(snapshot)])])
      taken.set(snapshot.id, { listing, folders: [folderOf(snapshot), ...below] })
      return snapshot
    },
    async restore(snapshot) {
      momentOf(snapshot)
      await place.close()
      await asOwner(caller, ['find', place.layer, '-mindepth', '1', '-delete'])
      await asOwner(caller, [...COPY, '--', `${folderOf(snapshot)}/.`, place.layer])
      await place.open()
    },
    diff: async (since) =>
      differencesBetween(momentOf(since), { listing: await list(), folders: [place.layer, ...below] }),
  }
}

const COPY = ['cp', '-a', '--reflink=auto']

async function asOwner(caller: Caller, command: readonly string[]): Promise<void> {
  const [program = '', ...words] = [...caller.prefix, ...AS_OWNER, ...command]
  await execa(program, words, { stdin: 'ignore' })
}
