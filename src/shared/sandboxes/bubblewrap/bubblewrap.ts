import path from 'node:path'
import { done, failed, FailureError, type Result } from '../../../nouns/index.js'
import type {
  ExecOptions,
  ProcessSpec,
  Sandbox,
  SandboxLimits,
  SandboxProcess,
  SandboxProvider,
  SandboxSpec,
  SetUpOptions,
} from '../sandbox.js'
import { baseFor } from './base.js'
import { openBridge, type Bridge } from '../bridge.js'
import { theCaller, type Caller } from './caller.js'
import { pathWith, WORKSPACE } from './confine.js'
import { readDirectly } from './direct.js'
import { folderInside, LARGEST, placeOf, readInside, writeInside } from './inside.js'
import { isFile, nameOf } from '../listing.js'
import { makePlace } from './place.js'
import { probe } from './probe.js'
import { runShell, wallsOf, type Setting } from './shell.js'
import { snapshotsOf } from './snapshots.js'
import { start, type Started } from './start.js'
import { programWithin } from './wrapper.js'

/** Where the spec gives none. */
const DEFAULT_LIMITS: SandboxLimits = {
  timeoutMs: 120_000,
  maxOutputBytes: 64 * 1024,
  maxWorkspaceBytes: 4 * 1024 ** 3,
  maxMemoryBytes: 4 * 1024 ** 3,
  maxProcesses: 512,
}

/**
 * Sandboxes for real programs on Linux: namespaces by bubblewrap, one for each process that is started; docs/sandboxes.md says what is contained
 * and what is not. A folder that a command ends in is where the next one starts; all else that a process leaves running ends with it.
 */
export const bubblewrapSandboxes: SandboxProvider = { name: 'bubblewrap', probe, create }

async function create(spec: SandboxSpec): Promise<Result<Sandbox>> {
  const { files, base, readable = [], tools = [], image, limits: given } = spec
  if (image !== undefined) return failed(NO_IMAGE)
  const caller = theCaller()
  try {
    const inside = Object.entries(files).map(([name, content]) => [
      path.posix.relative(WORKSPACE, placeOf(name)),
      content,
    ])
    const below = base === undefined ? undefined : await baseFor(base, caller)
    const place = await makePlace(caller, Object.fromEntries(inside) as Record<string, string>, below)
    return done(sandboxIn({ place, readable, tools, limits: { ...DEFAULT_LIMITS, ...given } }, caller))
  } catch (error) {
    if (error instanceof FailureError) return failed(error.failure)
    throw error
  }
}

function sandboxIn(setting: Setting, caller: Caller): Sandbox {
  const { place } = setting
  const snapshots = snapshotsOf(place, caller)
  const running = new Set<Started>()
  let folder = WORKSPACE
  let isUsed = false
  let commands = 0

  const exec = async (command: string, options: ExecOptions, network: 'none' | 'host', env = {}) => {
    const from = options.cwd === undefined ? folder : placeOf(options.cwd)
    commands += 1
    const { folder: ended, ...result } = await runShell(setting, command, from, options, { network, env }).finally(
      () => {
        commands -= 1
      },
    )
    if (options.cwd === undefined && ended !== null) folder = ended
    return result
  }
  const isQuiet = (): boolean => running.size === 0 && commands === 0
  const whileNothingRuns = <Value>(work: () => Promise<Value>): Promise<Value> => {
    if (!isQuiet()) throw new Error('a snapshot while a process runs')
    return work()
  }
  return {
    capabilities: { realProcesses: true, network: false },
    path: pathWith(setting.tools),
    exec(command, options = {}) {
      isUsed = true
      return exec(command, options, 'none')
    },
    setUp(command, options: SetUpOptions = {}) {
      if (isUsed) throw new FailureError(TOO_LATE)
      return exec(command, options, 'host', options.env)
    },
    async spawn(spec) {
      isUsed = true
      const bridge = spec.port === undefined ? undefined : await openBridge(place.folder('bridge'), spec.port)
      return processOf(setting, spec, bridge, running)
    },
    async enter(name) {
      const inside = placeOf(name)
      folder = inside === WORKSPACE ? inside : ((await folderInside(setting, name)) ?? inside)
    },
    async files() {
      const listing = await snapshots.list()
      return [...listing].flatMap(([name, listed]) => (isFile(listed) ? [nameOf(name)] : [])).sort()
    },
    async read(name) {
      const inside = path.posix.relative(WORKSPACE, placeOf(name))
      const bytes = isQuiet() ? await readDirectly(place, inside, LARGEST) : undefined
      return bytes ?? readInside(setting, name)
    },
    write: (name, content) => writeInside(setting, name, typeof content === 'string' ? Buffer.from(content) : content),
    snapshot: () => whileNothingRuns(() => snapshots.take()),
    restore: (snapshot) => whileNothingRuns(() => snapshots.restore(snapshot)),
    diff: (since) => whileNothingRuns(() => snapshots.diff(since)),
    async dispose() {
      for (const one of running) one.kill()
      await Promise.allSettled([...running].map(({ ended }) => ended))
      await place.remove()
    },
  }
}

function processOf(
  setting: Setting,
  { command, env = {}, cwd, timeoutMs, signal, port }: ProcessSpec,
  bridge: Bridge | undefined,
  running: Set<Started>,
): SandboxProcess {
  const walls = wallsOf(setting, { env, cwd: cwd === undefined ? WORKSPACE : placeOf(cwd), bridge: bridge?.folder })
  const { limits, place } = setting
  const started = start({
    ...walls,
    command: programWithin(command, limits, port),
    ...{ timeoutMs, signal, limits, written: place.written },
  })
  running.add(started)
  const { stdin, stdout, stderr } = started.child
  if (stdin === null || stdout === null || stderr === null) throw new Error('a process without pipes')
  const ended = started.ended.finally(async () => {
    running.delete(started)
    await bridge?.close()
  })
  return { stdin, stdout, stderr, ended, kill: () => started.kill() }
}

const NO_IMAGE = {
  kind: 'input' as const,
  code: 'sandbox.no-image',
  message: 'bubblewrap runs the programs of this machine, and no container image',
  remedy: 'use `sandbox: docker`',
}

const TOO_LATE = {
  kind: 'input' as const,
  code: 'sandbox.set-up-late',
  message: 'a workspace is set up before anything else runs in it: what a model wrote never gets the network',
  remedy: 'set up first',
}
