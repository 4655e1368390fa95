import path from 'node:path'
import { FailureError } from '../../../nouns/index.js'
import { collect } from '../collected.js'
import type { Box } from './box.js'
import { scriptCommand } from './scripts.js'

/** Larger files are not taken out of a sandbox. */
const LARGEST = 256 << 20
const TIMEOUT_MS = 60_000

const [ABSENT, OUTSIDE] = [44, 45]

/**
 * Links are followed inside the walls, where they lead nowhere else. What is not there yet is asked of the nearest folder above that is. `$1` is the
 * workspace, `$2` the path.
 */
const GUARD = `
place=$2
while [ ! -e "$place" ] && [ ! -L "$place" ]; do place=$(dirname -- "$place"); done
home=$(readlink -f -- "$1")
real=$(readlink -f -- "$place") || exit ${OUTSIDE}
case $real in "$home"|"$home"/*) ;; *) exit ${OUTSIDE};; esac`
const READ = `${GUARD}; [ -f "$2" ] || exit ${ABSENT}; exec cat -- "$2"`
const WRITE = `${GUARD}; mkdir -p -- "$(dirname -- "$2")" && { [ ! -e "$2" ] || [ -f "$2" ] || { echo 'it is no file' >&2; exit 1; }; } && cat > "$2"`
const FOLDER = `${GUARD}; cd -- "$2" && pwd -P`

/** The bytes of a file; null where there is none. */
export async function readInside(box: Box, name: string): Promise<Uint8Array | null> {
  const { code, bytes, says } = await runInside(box, READ, placesOf(box, name))
  if (code === ABSENT) return null
  if (code === OUTSIDE) throw outside(name)
  if (code !== 0) throw broken('sandbox.read-failed', name, says)
  return bytes
}

export async function writeInside(box: Box, name: string, content: Uint8Array): Promise<void> {
  const { code, says } = await runInside(box, WRITE, placesOf(box, name), content)
  if (code === OUTSIDE) throw outside(name)
  if (code !== 0) throw broken('sandbox.write-failed', name, says)
}

/** A folder as an absolute path; null where there is none. */
export async function folderInside(box: Box, name: string): Promise<string | null> {
  const { code, bytes } = await runInside(box, FOLDER, placesOf(box, name))
  if (code === OUTSIDE) throw outside(name)
  return code === 0 ? bytes.toString('utf8').trimEnd() : null
}

const placesOf = (box: Box, name: string): readonly string[] => {
  const { workspace } = box.walls.system
  return [workspace, placeIn(workspace, name)]
}

/** A relative path that stays in the workspace, as far as its words tell. */
export function placeIn(workspace: string, name: string): string {
  const place = path.posix.resolve(workspace, name)
  const isInside = place === workspace || place.startsWith(`${workspace}/`)
  if (name === '' || name.includes('\0') || !isInside) throw outside(name)
  return place
}

/** Runs a script of ours as the payload's user, with all that it says. */
export async function runInside(box: Box, script: string, words: readonly string[], input?: Uint8Array) {
  const run = await box.run({ command: scriptCommand(script, words), timeoutMs: TIMEOUT_MS })
  run.stdin.end(input)
  const [out, err, end] = await Promise.all([collect(run.stdout, LARGEST), collect(run.stderr, 4096), run.ended])
  if (out.left > 0) throw broken('sandbox.too-large', words.at(-1) ?? '.', `it has more than ${LARGEST} bytes`)
  const limit = end.limit === undefined ? '' : `the limit of ${end.limit} was met`
  return { code: end.exitCode ?? 137, bytes: out.bytes, says: err.bytes.toString('utf8').trim() + limit }
}

const outside = (name: string): FailureError =>
  new FailureError({
    kind: 'input',
    code: 'sandbox.outside',
    message: `${JSON.stringify(name)} is not a path inside the workspace`,
    where: name,
    remedy: 'use a path relative to the workspace, without leaving it',
  })

export const broken = (code: string, where: string, message: string): FailureError =>
  new FailureError({ kind: 'input', code, message: message === '' ? 'it failed without a word' : message, where })
