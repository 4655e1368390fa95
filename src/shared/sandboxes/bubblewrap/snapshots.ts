import { execa } from 'execa'
import type { Change, Snapshot } from '../sandbox.js'
import { AS_OWNER, type Caller } from './caller.js'
import { differencesBetween, type Moment } from './differences.js'
import { listInside } from './inside.js'
import { LIST, readListing } from './listing.js'
import type { Setting } from './shell.js'

/** All files at some moments: a copy of what was written, and a listing of the whole. Nothing may run meanwhile. */
export interface Snapshots {
  take(): Promise<Snapshot>
  restore(snapshot: Snapshot): Promise<void>
  diff(since: Snapshot): Promise<Readonly<Record<string, Change>>>
}

export function snapshotsOf(setting: Setting, caller: Caller): Snapshots {
  const { place } = setting
  const taken = new Map<string, Moment>()
  const below = place.base === undefined ? [] : [place.base]
  const folderOf = ({ id }: Snapshot): string => place.folder(`snapshot-${id}`)
  const momentOf = ({ id }: Snapshot): Moment => {
    const moment = taken.get(id)
    if (moment === undefined) throw new Error(`snapshot ${id} is of another sandbox`)
    return moment
  }
  const list = async () => readListing(await listInside(setting, LIST))
  return {
    async take() {
      const snapshot = { id: `s${taken.size + 1}` }
      await copy(place.layer, folderOf(snapshot), caller)
      taken.set(snapshot.id, { listing: await list(), folders: [folderOf(snapshot), ...below] })
      return snapshot
    },
    async restore(snapshot) {
      momentOf(snapshot)
      await place.close()
      await asOwner(caller, ['find', place.layer, '-mindepth', '1', '-delete'])
      await asOwner(caller, ['cp', '-a', '--reflink=auto', '--', `${folderOf(snapshot)}/.`, place.layer])
      await place.open()
    },
    diff: async (since) =>
      differencesBetween(momentOf(since), { listing: await list(), folders: [place.layer, ...below] }),
  }
}

const copy = (from: string, to: string, caller: Caller): Promise<void> =>
  asOwner(caller, ['cp', '-a', '--reflink=auto', '--', from, to])

async function asOwner(caller: Caller, command: readonly string[]): Promise<void> {
  const [program = '', ...words] = [...caller.prefix, ...AS_OWNER, ...command]
  await execa(program, words, { stdin: 'ignore' })
}
