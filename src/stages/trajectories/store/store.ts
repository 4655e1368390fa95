import { readFile } from 'node:fs/promises'
import {
  done,
  failed,
  type Amendment,
  type Failure,
  type Result,
  type TrajectoryEvent,
  type TrajectoryHeader,
} from '../../../nouns/index.js'
import type { OpenTrajectory } from '../../../shared/agents/index.js'
import { diskFailure, digestOfFile, placeOf, writeFileAtomic, idsIn } from '../../../shared/project/index.js'
import { readLines } from '../text/index.js'
import { TrajectoryAssembler } from './assemble.js'
import { headersIn, sweep } from './folder.js'
import { serialiseTrajectory, type StoredTrajectory } from './events.js'
import { MAX_LINE_BYTES } from './fit.js'
import { openReplacement, type TrajectoryReplacement } from './replacement.js'
import { openSuccessor } from './successor.js'
import { openWriter } from './writer.js'

const EXTENSION = '.jsonl'

/** `trajectories/`: one append-only file a trajectory, `<id>.jsonl`. */
export interface TrajectoryStore {
  readonly folder: string
  /** A new trajectory. One of the same id is replaced where it is incomplete; a complete one is `trajectory.exists`. */
  readonly open: OpenTrajectory
  /** {@link open} in place of whatever lies there. */
  readonly openAnew: OpenTrajectory
  /** Ids, sorted; empty where the folder does not exist. */
  list(): Promise<Result<string[]>>
  /** A file that was cut loads up to the cut, marked. One whose header cannot be read is `trajectory.invalid`. */
  read(id: string): Promise<Result<StoredTrajectory>>
  /** The file as it lies, whether or not it can be read as a trajectory. */
  text(id: string): Promise<Result<string>>
  /** SHA-256 of the file's bytes. */
  digest(id: string): Promise<Result<string>>
  /** One at a time in memory; a failure for each that cannot be read at all. */
  each(ids: readonly string[]): AsyncGenerator<{ readonly id: string; readonly read: Result<StoredTrajectory> }>
  /** The headers of all that have a readable one; nothing else of them is read. */
  headers(): AsyncGenerator<TrajectoryHeader>
  /** Removes what interrupted writers left, for their one successor; how many files. */
  sweep(): Promise<Result<number>>
  /** Every trajectory in order of id, and a failure for each that cannot be read at all. */
  readAll(): Promise<Result<AllTrajectories>>
  /** Adds to a trajectory what became known of it later. Its file is written anew, whole or not at all. */
  amend(id: string, amendment: Amendment): Promise<Result<void>>
  /** Writes a whole trajectory atomically over whatever was there. */
  write(trajectory: StoredTrajectory): Promise<Result<string>>
  /** Starts a whole trajectory, of any length, that takes the place of whatever was there when it is committed. */
  replace(header: TrajectoryHeader): Promise<Result<TrajectoryReplacement>>
  /**
   * The same for a trajectory that is made again from what it was made from. What lies there stays where the new one holds no more; otherwise it goes to
   * `replaced/`. `trajectory.another` where another one lies there.
   */
  supersede(header: TrajectoryHeader): Promise<Result<TrajectoryReplacement>>
}

export interface AllTrajectories {
  readonly trajectories: readonly StoredTrajectory[]
  readonly unreadable: readonly { readonly id: string; readonly failure: Failure }[]
}

export function trajectoryStore(folder: string): TrajectoryStore {
  const fileOf = (id: string): Result<string> => placeOf(folder, id, EXTENSION)
  const read = async (id: string): Promise<Result<StoredTrajectory>> => {
    const file = fileOf(id)
    if (!file.ok) return file
    const found = await readTrajectory(file.value)
    return !found.ok && found.failure.code === 'file.absent' ? failed(absent(id, found.failure)) : found
  }
  return {
    folder,
    open: async (header) => {
      const file = fileOf(header.id)
      if (!file.ok) return file
      const old = await readTrajectory(file.value)
      if (old.ok && old.value.complete) return failed(alreadyThere(header.id, file.value))
      return openWriter(file.value, header)
    },
    openAnew: async (header) => {
      const file = fileOf(header.id)
      return file.ok ? openWriter(file.value, header) : file
    },
    list: () => idsIn(folder, EXTENSION),
    read,
    each: async function* (ids) {
      for (const id of ids) yield { id, read: await read(id) }
    },
    text: async (id) => {
      const file = fileOf(id)
      return file.ok ? text(file.value) : file
    },
    digest: async (id) => {
      const file = fileOf(id)
      return file.ok ? digest(file.value) : file
    },
    headers: () => headersIn(folder),
    sweep: () => sweep(folder),
    readAll: async () => {
      const ids = await idsIn(folder, EXTENSION)
      if (!ids.ok) return ids
      const trajectories: StoredTrajectory[] = []
      const unreadable: { id: string; failure: Failure }[] = []
      for (const id of ids.value) {
        const one = await read(id)
        if (one.ok) trajectories.push(one.value)
        else unreadable.push({ id, failure: one.failure })
      }
      return done({ trajectories, unreadable })
    },
    amend: async (id, amendment) => {
      const file = fileOf(id)
      return file.ok ? appendWhole(file.value, { type: 'amend', amendment }) : file
    },
    write: (trajectory) => writeTrajectory(folder, trajectory),
    replace: async (header) => {
      const file = fileOf(header.id)
      return file.ok ? openReplacement(file.value, header) : file
    },
    supersede: async (header) => {
      const file = fileOf(header.id)
      if (!file.ok) return file
      const old = await readTrajectory(file.value)
      return openSuccessor({ folder, file: file.value, before: old.ok ? old.value : null }, header)
    },
  }
}

/** Writes a whole trajectory as `<folder>/<id>.jsonl`, or nothing; gives the file's path. */
export async function writeTrajectory(folder: string, trajectory: StoredTrajectory): Promise<Result<string>> {
  const file = placeOf(folder, trajectory.id, EXTENSION)
  if (!file.ok) return file
  const written = await writeFileAtomic(file.value, serialiseTrajectory(trajectory))
  return written.ok ? done(file.value) : written
}

/** Reads one trajectory's file. */
export async function readTrajectory(file: string): Promise<Result<StoredTrajectory>> {
  const assembler = new TrajectoryAssembler(file)
  try {
    for await (const line of readLines(file, MAX_LINE_BYTES)) {
      const added = assembler.add(line.bytes)
      if (!added.ok) return added
      if (!added.value) break
    }
  } catch (error) {
    return failed(diskFailure(error, file))
  }
  return assembler.finish()
}

/** A line that was torn would cut the trajectory. */
async function appendWhole(file: string, event: TrajectoryEvent): Promise<Result<void>> {
  try {
    const before = await readFile(file)
    return await writeFileAtomic(file, Buffer.concat([before, Buffer.from(`${JSON.stringify(event)}\n`)]))
  } catch (error) {
    return failed(diskFailure(error, file))
  }
}

async function text(file: string): Promise<Result<string>> {
  try {
    return done(await readFile(file, 'utf8'))
  } catch (error) {
    return failed(diskFailure(error, file))
  }
}

async function digest(file: string): Promise<Result<string>> {
  try {
    return done(await digestOfFile(file))
  } catch (error) {
    return failed(diskFailure(error, file))
  }
}

const absent = (id: string, failure: Failure): Failure => ({
  ...failure,
  message: `there is no trajectory called ${JSON.stringify(id)}`,
  remedy: '`limi trajectories list` names those that are there',
})

const alreadyThere = (id: string, where: string): Failure => ({
  kind: 'input',
  code: 'trajectory.exists',
  message: `trajectory ${id} is already there and complete`,
  where,
  remedy: 'give the new one another id (for a campaign: another name), or delete the old file',
})
