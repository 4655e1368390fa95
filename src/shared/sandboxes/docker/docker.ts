import { chmod, rm } from 'node:fs/promises'
import { done, failed, FailureError, type Result } from '../../../nouns/index.js'
import { isFile, nameOf } from '../listing.js'
import type { ExecOptions, Sandbox, SandboxLimits, SandboxProvider, SandboxSpec, SetUpOptions } from '../sandbox.js'
import { beginningOf, imageOver } from './beginning.js'
import { openBox, type Box } from './box.js'
import { theEngine, wordsOf } from './engine.js'
import { systemOf } from './images.js'
import { ownFolder } from './leftovers.js'
import { folderInside, placeIn, readInside, writeInside } from './inside.js'
import { probe } from './probe.js'
import { runShell } from './shell.js'
import { spawnIn } from './spawn.js'
import { listInside, snapshotsOf } from './snapshots.js'
import { spokenFor } from './spoken.js'
import { numbered } from './users.js'
import { pathIn } from './walls.js'

/** Where the spec gives none. */
const DEFAULT_LIMITS: SandboxLimits = {
  timeoutMs: 120_000,
  maxOutputBytes: 64 * 1024,
  maxWorkspaceBytes: 4 * 1024 ** 3,
  maxMemoryBytes: 4 * 1024 ** 3,
  maxProcesses: 512,
}

/**
 * Sandboxes for real programs in containers of Docker or Podman; docs/sandboxes.md says what is contained and what is not. A sandbox is a container, and
 * all that a process leaves running in it ends with it.
 */
export const dockerSandboxes: SandboxProvider = { name: 'docker', probe, create }

async function create(spec: SandboxSpec): Promise<Result<Sandbox>> {
  const { files, base, readable = [], tools = [], limits: given } = spec
  let bridges: string | undefined
  try {
    const engine = await theEngine()
    const found = await systemOf(engine, spec.image)
    bridges = await ownFolder()
    await chmod(bridges, 0o755)
    const limits = { ...DEFAULT_LIMITS, ...given }
    const system = await numbered({ engine, system: found, bridges, readable: [], tools: [], limits, network: 'none' })
    const walls = { engine, system, bridges, readable, tools, limits, network: 'none' as const }
    const beginning = beginningOf(files, system)
    const image = base === undefined ? system.image : await imageOver(walls, base)
    return done(sandboxIn(spokenFor(await openBox(walls, image, 'none', beginning))))
  } catch (error) {
    if (bridges !== undefined) await rm(bridges, { recursive: true, force: true })
    if (error instanceof FailureError) return failed(error.failure)
    if ((error as { statusCode?: number }).statusCode !== undefined) return failed(refused(wordsOf(error)))
    throw error
  }
}

function sandboxIn(box: Box): Sandbox {
  const { workspace } = box.walls.system
  const snapshots = snapshotsOf(box)
  let folder = workspace
  let isUsed = false
  let isSetUp = false

  const exec = async (command: string, options: ExecOptions, env = {}) => {
    const from = options.cwd === undefined ? folder : placeIn(workspace, options.cwd)
    const { folder: ended, ...result } = await runShell(box, command, from, options, env)
    if (options.cwd === undefined && ended !== null) folder = ended
    return result
  }
  const begin = async (): Promise<void> => {
    isUsed = true
    if (!isSetUp) return
    isSetUp = false
    await box.goOn(await box.keep(), 'none')
  }
  const whileNothingRuns = <Value>(work: () => Promise<Value>): Promise<Value> => {
    if (box.isBusy) throw new Error('a snapshot while a process runs')
    return work()
  }
  return {
    capabilities: { realProcesses: true, network: false },
    path: pathIn(box.walls.system, box.walls.tools),
    async exec(command, options = {}) {
      await begin()
      return exec(command, options)
    },
    async setUp(command, options: SetUpOptions = {}) {
      if (isUsed) throw new FailureError(TOO_LATE)
      if (!isSetUp) await box.goOn(await box.keep(), 'host')
      isSetUp = true
      return exec(command, options, options.env)
    },
    async spawn(spec) {
      await begin()
      return spawnIn(box, spec)
    },
    async enter(name) {
      folder = (await folderInside(box, name)) ?? placeIn(workspace, name)
    },
    async files() {
      const listing = await listInside(box)
      return [...listing].flatMap(([name, listed]) => (isFile(listed) ? [nameOf(name)] : [])).sort()
    },
    read: async (name) => readInside(box, name),
    write: async (name, content) =>
      writeInside(box, name, typeof content === 'string' ? Buffer.from(content) : content),
    async snapshot() {
      await begin()
      return whileNothingRuns(() => snapshots.take())
    },
    async restore(snapshot) {
      await whileNothingRuns(() => snapshots.restore(snapshot))
    },
    diff: async (since) => whileNothingRuns(() => snapshots.diff(since)),
    async dispose() {
      await box.remove()
      await rm(box.walls.bridges, { recursive: true, force: true })
    },
  }
}

const TOO_LATE = {
  kind: 'input' as const,
  code: 'sandbox.set-up-late',
  message: 'a workspace is set up before anything else runs in it: what a model wrote never gets the network',
  remedy: 'set up first',
}

const refused = (message: string) => ({
  kind: 'missing' as const,
  code: 'sandbox.docker',
  message: `the engine refuses a container: ${message}`,
  remedy: 'look whether `docker run` (or `podman run`) works here',
})
