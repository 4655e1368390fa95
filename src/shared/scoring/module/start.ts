import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const MEMORY_MB = 512

const here = fileURLToPath(import.meta.url)
const folder = path.dirname(here)
const jiti = path.dirname(createRequire(here).resolve('jiti/package.json'))
/** From its TypeScript where limi itself runs from it. */
const entry = here.endsWith('.ts')
  ? [path.join(jiti, 'lib', 'jiti-cli.mjs'), path.join(folder, 'child.ts')]
  : [path.join(folder, 'child.js')]

/**
 * A shell between limi and the module's process. It sets limits that the kernel keeps, waits for its standard input to close, which limi's
 * end does however it comes, and then ends the process, even one in a busy loop. Its exit code is the process's own.
 */
const SHELL =
  'unset PWD OLDPWD; ulimit -c 0; ulimit -d "$1"; shift; "$@" 3<&3 4>&4 & child=$!; exec 3<&- 4>&-; read -r _; kill -9 $child 2>&-; wait $child; exit $?'

/** Data of the process beside its heap: code, buffers, what Node itself takes. */
const DATA_KB = (MEMORY_MB + 512) * 1024

/** The arguments of `/bin/sh` for a process that may read a module's folder and packages, and write, start and load nothing. */
export function shellArguments(module: string): string[] {
  const readable = [folder, jiti, path.dirname(module), ...packagesAbove(path.dirname(module))]
  const permission = process.allowedNodeEnvironmentFlags.has('--permission')
    ? '--permission'
    : '--experimental-permission'
  const node = [
    process.execPath,
    '--no-warnings',
    `--max-old-space-size=${MEMORY_MB}`,
    permission,
    ...readable.map((place) => `--allow-fs-read=${place}${path.sep}`),
  ]
  const loader = pathToFileURL(path.join(jiti, 'lib', 'jiti.mjs')).href
  return ['-c', SHELL, 'limi-scorer', String(DATA_KB), ...node, ...entry, loader]
}

/** Where a module's imports of packages are looked for. */
function packagesAbove(place: string): string[] {
  const above = path.dirname(place)
  const rest = above === place ? [] : packagesAbove(above)
  return [path.join(place, 'node_modules'), ...rest]
}
