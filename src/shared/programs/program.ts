import { accessSync, constants, existsSync, realpathSync } from 'node:fs'
import path from 'node:path'
import { done, failed, type Result } from '../../nouns/index.js'

/** A program, and what of this machine must be seen where it runs. */
export interface Program {
  /** As it is started. */
  readonly file: string
  readonly readable: readonly string[]
  /** Where the programs that it is started by lie: Node's own folder. */
  readonly path: string
}

/** What every sandbox shows. */
const SYSTEM = ['/usr/', '/bin/', '/lib/', '/lib64/', '/sbin/']
export const isOfSystem = (place: string): boolean => SYSTEM.some((folder) => place.startsWith(folder))

/** A program by its path, or by its name where the shell would look. Failure: `agent.program`. */
export function findProgram(name: string): Result<Program> {
  const found = locate(name)
  if (found === null) {
    return failed({
      kind: 'missing',
      code: 'agent.program',
      message: `there is no program ${JSON.stringify(name)} here`,
      where: name,
      remedy: 'install it, or name its path: `program:` or `command:` of the agent in limi.yaml',
    })
  }
  const real = realpathSync(found)
  const node = path.dirname(realpathSync(process.execPath))
  const folders = [packageOf(found), packageOf(real), path.dirname(node)]
  const readable = [...new Set(folders)].filter((place) => !isOfSystem(`${place}/`))
  return done({ file: found, readable, path: node })
}

function locate(name: string): string | null {
  const places = name.includes('/')
    ? [path.resolve(name)]
    : (process.env['PATH'] ?? '').split(path.delimiter).map((folder) => path.join(folder, name))
  return places.find(isProgram) ?? null
}

function isProgram(place: string): boolean {
  try {
    accessSync(place, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/**
 * All that was installed together: the topmost `node_modules`, Node's own folder, a virtual environment of Python; else the file alone, since nobody
 * knows what lies beside it.
 */
function packageOf(file: string): string {
  const at = file.indexOf('/node_modules/')
  if (at !== -1) return file.slice(0, at + '/node_modules'.length)
  const prefix = path.dirname(path.dirname(file))
  const isPrefix = path.basename(path.dirname(file)) === 'bin' && hasOwnSystem(prefix)
  return isPrefix ? prefix : file
}

const hasOwnSystem = (prefix: string): boolean =>
  existsSync(path.join(prefix, 'pyvenv.cfg')) || existsSync(path.join(prefix, 'bin', 'node'))
