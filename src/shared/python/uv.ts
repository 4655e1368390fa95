import { chmod, cp, readdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { done, failed, type Result } from '../../nouns/index.js'
import { diskFailure, makeFolder } from '../project/index.js'
import type { Announce } from './announce.js'
import { execute } from './execute.js'
import type { Interpreter } from './interpreter.js'

export interface UvOptions {
  readonly cacheRoot: string
  readonly announce: Announce
  readonly signal?: AbortSignal
}

const UNPACK = 'import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extractall(sys.argv[2])'

/** The `uv` program: the one on PATH, else its wheel from the package index, unpacked below the cache. */
export async function findUv(python: Interpreter, options: UvOptions): Promise<Result<string>> {
  for (const candidate of ['uv', path.join(options.cacheRoot, 'tools', 'uv')]) {
    const asked = await execute(candidate, ['--version'], { timeoutMs: 20_000 })
    if (asked.ok) return done(candidate)
  }
  options.announce('fetching uv, the installer of Python packages (18 MB), into the project')
  return fetchUv(python, options)
}

async function fetchUv(python: Interpreter, options: UvOptions): Promise<Result<string>> {
  const tools = path.join(options.cacheRoot, 'tools')
  const work = path.join(tools, `uv-${String(process.pid)}`)
  try {
    const made = await makeFolder(work)
    if (!made.ok) return made
    const wheel = await downloadWheel(python, work, options.signal)
    if (!wheel.ok) return wheel
    const unpacked = await execute(python.path, ['-c', UNPACK, wheel.value, work])
    if (!unpacked.ok) return unpacked
    return await install(work, path.join(tools, 'uv'))
  } catch (error) {
    return failed(diskFailure(error, tools))
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

async function downloadWheel(python: Interpreter, folder: string, signal?: AbortSignal): Promise<Result<string>> {
  const pip = await execute(python.path, ['-m', 'pip', '--version'])
  if (!pip.ok) {
    return failed({
      kind: 'missing',
      code: 'pip.missing',
      message: `neither uv nor pip is here (${python.path} -m pip does not run)`,
      remedy: 'install one of them (Debian, Ubuntu: apt-get install python3-pip; any system: install uv), then rerun',
    })
  }
  const args = ['-m', 'pip', 'download', '--no-deps', '--only-binary', ':all:', '--no-cache-dir', '-d', folder, 'uv']
  const fetched = await execute(python.path, args, { signal, timeoutMs: 300_000 })
  if (!fetched.ok) return fetched
  const wheel = (await readdir(folder)).find((name) => name.endsWith('.whl'))
  if (wheel !== undefined) return done(path.join(folder, wheel))
  return failed({ kind: 'underway', code: 'uv.missing', message: 'pip downloaded no wheel of uv', where: folder })
}

async function install(unpacked: string, target: string): Promise<Result<string>> {
  const data = (await readdir(unpacked)).find((name) => name.endsWith('.data'))
  if (data === undefined) {
    return failed({
      kind: 'underway',
      code: 'uv.missing',
      message: 'the wheel of uv holds no program',
      where: unpacked,
    })
  }
  const temporary = `${target}.${String(process.pid)}`
  await cp(path.join(unpacked, data, 'scripts', 'uv'), temporary)
  await chmod(temporary, 0o755)
  await rename(temporary, target)
  return done(target)
}
