import { access, rm, statfs } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { done, failed, type Result } from '../../nouns/index.js'
import { diskFailure, manifestFile, readJson, takeLock, writeJson } from '../project/index.js'
import { formatBytes, type Announce } from './announce.js'
import { requirementsOf, scriptAt, type Requirements } from './assets.js'
import { chooseBackend, type Backend } from './backend.js'
import { execute } from './execute.js'
import { gpusHere } from './gpus.js'
import { findInterpreter } from './interpreter.js'
import { findUv } from './uv.js'

/** A Python environment that limi made and has checked. */
export interface PythonEnvironment {
  readonly root: string
  /** Absolute path of its interpreter. */
  readonly python: string
  /** Installed versions by package, and `python`. */
  readonly versions: Readonly<Record<string, string>>
  /** Build of PyTorch. */
  readonly backend: string
}

export interface EnvironmentOptions {
  /** `requirements/<name>.txt` beside this file. */
  readonly name: string
  readonly cacheRoot: string
  readonly announce: Announce
  readonly signal?: AbortSignal
}

const EnvironmentManifest = z.object({
  format: z.literal('limi.environment/1'),
  requirements: z.string(),
  versions: z.record(z.string(), z.string()),
  backend: z.string(),
})
type EnvironmentManifest = z.infer<typeof EnvironmentManifest>

const Probe = z.object({ versions: z.record(z.string(), z.string()), problems: z.array(z.string()) })

/** Where caches go: `LIMI_CACHE`, which several projects may share, else the project's own `.limi`. */
export function cacheRootOf(projectCache: string): string {
  const shared = process.env['LIMI_CACHE']
  return path.resolve(shared === undefined || shared === '' ? projectCache : shared)
}

const environmentFolder = (cacheRoot: string, name: string): string => path.join(cacheRoot, 'engines', name)

const pythonIn = (root: string): string => path.join(root, 'bin', 'python')

/** The environment if it is complete and whole; null where it is to be made or repaired. Takes about half a second. */
export async function readyEnvironment(cacheRoot: string, name: string): Promise<PythonEnvironment | null> {
  const root = environmentFolder(cacheRoot, name)
  const requirements = await requirementsOf(name)
  const manifest = await readJson(manifestFile(root), EnvironmentManifest)
  if (!manifest.ok || manifest.value.requirements !== requirements.digest) return null
  // A GPU that came later would go unused.
  if (manifest.value.backend === 'cpu' && (await gpusHere()).length > 0) return null
  const problems = await probe(root, requirements, [])
  if (!problems.ok || problems.value.problems.length > 0) return null
  return asEnvironment(root, manifest.value)
}

/**
 * The environment, made where it is absent and made anew where it is broken. Says what it installs and how large before
 * it does. Failures: `python.missing`, `pip.missing`, `network.unreachable`, `disk.full`, `environment.broken`.
 */
export async function ensureEnvironment(options: EnvironmentOptions): Promise<Result<PythonEnvironment>> {
  const { cacheRoot, name } = options
  const ready = await readyEnvironment(cacheRoot, name)
  if (ready !== null) return done(ready)
  const root = environmentFolder(cacheRoot, name)
  const { announce, signal } = options
  const wait = { waitMs: 20 * 60_000, announce, signal }
  const lock = await takeLock(`${root}.lock`, 'installing the Python environment', wait)
  if (!lock.ok) return lock
  try {
    const meanwhile = await readyEnvironment(cacheRoot, name)
    return meanwhile === null ? await build(root, options) : done(meanwhile)
  } catch (error) {
    return failed(diskFailure(error, root))
  } finally {
    await lock.value.release()
  }
}

async function build(root: string, options: EnvironmentOptions): Promise<Result<PythonEnvironment>> {
  const requirements = await requirementsOf(options.name)
  const python = await findInterpreter()
  if (!python.ok) return python
  const uv = await findUv(python.value, options)
  if (!uv.ok) return uv
  const torch = requirements.packages.find((line) => line.startsWith('torch==')) ?? 'torch'
  const backend = await chooseBackend(uv.value, python.value, torch, options.signal)
  const room = await checkRoom(options.cacheRoot, backend)
  if (!room.ok) return room
  await sayWhat(root, options.announce, requirements, backend)
  // The manifest goes first, so that an interrupted repair is never taken for a whole environment.
  await rm(manifestFile(root), { force: true })
  await rm(root, { recursive: true, force: true })
  const installed = await install(root, uv.value, python.value.path, requirements, backend, options)
  if (!installed.ok) return installed
  return complete(root, requirements, backend, options.announce)
}

async function sayWhat(root: string, announce: Announce, requirements: Requirements, backend: Backend): Promise<void> {
  const again = await access(root).then(
    () => 'the Python environment is incomplete, broken, or made for a machine without a GPU, and is made anew: ',
    () => '',
  )
  announce(`${again}installing Python packages (about ${formatBytes(backend.bytes)}) into ${root}`)
  announce(`  ${requirements.packages.join(', ')}`)
  announce(`  PyTorch build: ${backend.name} (${backend.why})`)
}

async function checkRoom(cacheRoot: string, backend: Backend): Promise<Result<void>> {
  const disk = await statfs(cacheRoot)
  const free = disk.bavail * disk.bsize
  if (free > backend.bytes * 1.1) return done(undefined)
  return failed({
    kind: 'underway',
    code: 'disk.full',
    message: `the Python environment needs ${formatBytes(backend.bytes * 1.1)}, and ${formatBytes(free)} are free`,
    where: cacheRoot,
    remedy: 'free some space, or set LIMI_CACHE to a folder on a larger disk, then run the same command again',
  })
}

async function install(
  root: string,
  uv: string,
  python: string,
  requirements: Requirements,
  backend: Backend,
  options: EnvironmentOptions,
): Promise<Result<unknown>> {
  const env = uvVariables(options.cacheRoot)
  const created = await execute(uv, ['venv', '--python', python, root], { env, signal: options.signal })
  if (!created.ok) return created
  const args = ['pip', 'install', '--python', pythonIn(root), ...backend.uvArguments, '-r', requirements.file]
  return execute(uv, args, { env, signal: options.signal, timeoutMs: 60 * 60_000 })
}

/** `uv` keeps its downloads beside the environments (hard links, so no second copy) and follows pip's mirror. */
function uvVariables(cacheRoot: string): Record<string, string> {
  const { UV_CACHE_DIR, UV_DEFAULT_INDEX, PIP_INDEX_URL } = process.env
  const index = UV_DEFAULT_INDEX ?? PIP_INDEX_URL
  return {
    UV_CACHE_DIR: UV_CACHE_DIR ?? path.join(cacheRoot, 'downloads', 'uv'),
    ...(index === undefined ? {} : { UV_DEFAULT_INDEX: index }),
  }
}

async function complete(
  root: string,
  requirements: Requirements,
  backend: Backend,
  announce: Announce,
): Promise<Result<PythonEnvironment>> {
  announce('checking that every package loads (the first time takes some seconds)')
  const probed = await probe(root, requirements, ['--import'])
  if (!probed.ok) return probed
  if (probed.value.problems.length > 0) {
    return failed({
      kind: 'underway',
      code: 'environment.broken',
      message: `the Python environment does not work: ${probed.value.problems.slice(0, 3).join('; ')}`,
      where: root,
      remedy: `delete ${root} and run the same command again`,
    })
  }
  const manifest: EnvironmentManifest = {
    format: 'limi.environment/1',
    requirements: requirements.digest,
    versions: probed.value.versions,
    backend: backend.name,
  }
  const written = await writeJson(manifestFile(root), manifest)
  return written.ok ? done(asEnvironment(root, manifest)) : written
}

async function probe(
  root: string,
  requirements: Requirements,
  flags: readonly string[],
): Promise<Result<z.infer<typeof Probe>>> {
  const args = ['-I', scriptAt('probe.py'), ...flags, ...requirements.packages]
  const asked = await execute(pythonIn(root), args, { timeoutMs: 300_000 })
  if (!asked.ok) return asked
  return done(Probe.parse(JSON.parse(lastLine(asked.value.stdout))))
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? ''

const asEnvironment = (root: string, manifest: EnvironmentManifest): PythonEnvironment => ({
  root,
  python: pythonIn(root),
  versions: manifest.versions,
  backend: manifest.backend,
})
