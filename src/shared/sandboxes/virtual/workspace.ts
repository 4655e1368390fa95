import { InMemoryFs } from 'just-bash'
import { done, failed, FailureError, type Result } from '../../../nouns/index.js'
import type { Sandbox, Snapshot } from '../sandbox.js'
import type { VirtualLimits } from './limits.js'
import { resolveInWorkspace, WORKSPACE } from './paths.js'
import { openShell } from './shell.js'
import { differences, filesBelow, readTree, restoreTree, type Tree } from './tree.js'

/** When every starting file was last changed: `ls -l` of the same task must print the same in every run and time zone. */
const BEFORE = new Date('2025-01-01T12:00:00Z')

/** A workspace with these files and a shell in it; `sandbox.outside`, `sandbox.full` and `sandbox.write-failed` where a file cannot be. */
export async function openWorkspace(
  files: Readonly<Record<string, string>>,
  limits: VirtualLimits,
): Promise<Result<Sandbox>> {
  const fs = new InMemoryFs({}, { maxTotalBytes: limits.maxWorkspaceBytes })
  for (const folder of [WORKSPACE, '/tmp']) fs.mkdirSync(folder, { recursive: true })
  const sandbox = sandboxOn(fs, limits)
  try {
    for (const [path, content] of Object.entries(files)) await sandbox.write(path, content)
    const inside = fs.getAllPaths().filter((place) => place === WORKSPACE || place.startsWith(`${WORKSPACE}/`))
    for (const place of inside) await fs.utimes(place, BEFORE, BEFORE)
  } catch (error) {
    if (error instanceof FailureError) return failed(error.failure)
    throw error
  }
  return done(sandbox)
}

function sandboxOn(fs: InMemoryFs, limits: VirtualLimits): Sandbox {
  const shell = openShell(fs, limits)
  const snapshots = new Map<string, Tree>()
  const treeOf = (snapshot: Snapshot): Tree => {
    const tree = snapshots.get(snapshot.id)
    if (tree === undefined) throw new Error(`snapshot ${snapshot.id} is of another sandbox`)
    return tree
  }
  return {
    capabilities: { realProcesses: false, network: false },
    exec: (command, options) => shell.exec(command, options),
    enter: (path) => shell.enter(path),
    files: async () => filesBelow(await readTree(fs), WORKSPACE),
    async read(path) {
      const place = await resolveInWorkspace(fs, path)
      if (!(await fs.exists(place)) || !(await fs.stat(place)).isFile) return null
      return (await fs.readFileBuffer(place)).slice()
    },
    async write(path, content) {
      const place = await resolveInWorkspace(fs, path)
      await fs.writeFile(place, content).catch((error: unknown) => {
        throw new FailureError(writeFailure(error, path, limits), { cause: error })
      })
    },
    async snapshot() {
      const id = `s${snapshots.size + 1}`
      snapshots.set(id, await readTree(fs))
      return { id }
    },
    restore: (snapshot) => restoreTree(fs, treeOf(snapshot)),
    diff: async (since) => differences(treeOf(since), await readTree(fs), WORKSPACE),
    async dispose() {
      snapshots.clear()
    },
  }
}

function writeFailure(error: unknown, path: string, limits: VirtualLimits) {
  const message = error instanceof Error ? error.message : String(error)
  if (!message.startsWith('ENOSPC')) {
    return { kind: 'input' as const, code: 'sandbox.write-failed', message, where: path }
  }
  return {
    kind: 'input' as const,
    code: 'sandbox.full',
    message: `the workspace would hold more than ${limits.maxWorkspaceBytes} bytes`,
    where: path,
    remedy: 'start with fewer or smaller files, or raise `maxWorkspaceBytes`',
  }
}
