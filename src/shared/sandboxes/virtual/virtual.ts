import { InMemoryFs } from 'just-bash'
import { done, failed, FailureError, type Result } from '../../../nouns/index.js'
import type { Sandbox, SandboxLimits, SandboxProvider, SandboxSpec, Snapshot } from '../sandbox.js'
import { resolveInWorkspace, WORKSPACE } from './paths.js'
import { openShell } from './shell.js'
import { differences, filesBelow, readTree, restoreTree, type Tree } from './tree.js'

/** Where the spec gives none. */
const DEFAULT_LIMITS: SandboxLimits = {
  timeoutMs: 10_000,
  maxOutputBytes: 64 * 1024,
  maxWorkspaceBytes: 64 * 1024 * 1024,
}

/** When every starting file was last changed: `ls -l` of the same task must print the same in every run and time zone. */
const BEFORE = new Date('2025-01-01T12:00:00Z')

/**
 * Sandboxes on `just-bash`. The folder a command ends in is where the next one starts; variables, functions and options
 * are gone when a command ends. A busy loop is stopped, but holds this process until it is: at most `timeoutMs`.
 * Hard links become copies when a snapshot is restored.
 */
export const virtualSandboxes: SandboxProvider = {
  name: 'virtual',
  async probe() {
    const created = await createVirtual({ files: {}, network: 'none' })
    if (!created.ok) return { ready: false, missing: created.failure }
    const tried = await created.value.exec('echo ready')
    if (tried.stdout === 'ready\n') return { ready: true }
    return {
      ready: false,
      missing: {
        kind: 'missing',
        code: 'sandbox.broken',
        message: `the virtual shell does not answer: ${tried.stderr}`,
        remedy: 'install the dependencies again: `npm ci`',
      },
    }
  },
  create: createVirtual,
}

async function createVirtual(spec: SandboxSpec): Promise<Result<Sandbox>> {
  if (spec.network !== 'none') {
    return failed({
      kind: 'input',
      code: 'sandbox.no-network',
      message: `the virtual sandbox has no network, and ${JSON.stringify(spec.network)} was asked for`,
      remedy: 'use `network: none`, or another sandbox',
    })
  }
  const limits = { ...DEFAULT_LIMITS, ...spec.limits }
  const fs = new InMemoryFs({}, { maxTotalBytes: limits.maxWorkspaceBytes })
  for (const folder of [WORKSPACE, '/tmp']) fs.mkdirSync(folder, { recursive: true })
  const sandbox = sandboxOn(fs, limits)
  try {
    for (const [path, content] of Object.entries(spec.files)) await sandbox.write(path, content)
    const inside = fs.getAllPaths().filter((place) => place === WORKSPACE || place.startsWith(`${WORKSPACE}/`))
    for (const place of inside) await fs.utimes(place, BEFORE, BEFORE)
  } catch (error) {
    if (error instanceof FailureError) return failed(error.failure)
    throw error
  }
  return done(sandbox)
}

function sandboxOn(fs: InMemoryFs, limits: SandboxLimits): Sandbox {
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

function writeFailure(error: unknown, path: string, limits: SandboxLimits) {
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
