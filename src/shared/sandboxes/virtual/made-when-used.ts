import type { Sandbox, Snapshot } from '../sandbox.js'

/** Of a workspace in which nothing was done yet. */
const UNTOUCHED: Snapshot = { id: 'untouched' }

interface Made {
  readonly sandbox: Sandbox
  /** What {@link UNTOUCHED} means once something is done. */
  readonly start: Snapshot
}

/** An empty workspace that is made when something is first done in it: an agent that only answers needs none. */
export function madeWhenUsed(make: () => Promise<Sandbox>): Sandbox {
  let made: Promise<Made> | null = null
  const use = (): Promise<Made> => (made ??= begin(make))
  const sandbox = async (): Promise<Sandbox> => (await use()).sandbox
  const meant = async (snapshot: Snapshot): Promise<Snapshot> =>
    snapshot.id === UNTOUCHED.id ? (await use()).start : snapshot
  return {
    capabilities: { realProcesses: false, network: false },
    exec: async (command, options) => (await sandbox()).exec(command, options),
    async enter(path) {
      if (made !== null || path !== '.') await (await sandbox()).enter(path)
    },
    files: async () => (made === null ? [] : (await sandbox()).files()),
    read: async (path) => (await sandbox()).read(path),
    write: async (path, content) => (await sandbox()).write(path, content),
    snapshot: async () => (made === null ? UNTOUCHED : (await sandbox()).snapshot()),
    async restore(snapshot) {
      if (made !== null) await (await sandbox()).restore(await meant(snapshot))
    },
    diff: async (since) => (made === null ? {} : (await sandbox()).diff(await meant(since))),
    async dispose() {
      if (made !== null) await (await sandbox()).dispose()
    },
  }
}

async function begin(make: () => Promise<Sandbox>): Promise<Made> {
  const sandbox = await make()
  return { sandbox, start: await sandbox.snapshot() }
}
