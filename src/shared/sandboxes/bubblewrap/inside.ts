import path from 'node:path'
import { FailureError } from '../../../nouns/index.js'
import { collect } from '../collected.js'
import { WORKSPACE } from './confine.js'
import { wallsOf, type Setting } from './shell.js'
import { start } from './start.js'
import { programWithin } from './wrapper.js'

/** Larger files are not taken out of a sandbox. */
export const LARGEST = 256 << 20
const TIMEOUT_MS = 60_000

const [ABSENT, OUTSIDE] = [44, 45]

/** Links are followed inside the walls, where they lead nowhere else. */
const GUARD = `case "$(realpath -m -- "$1")" in ${WORKSPACE}|${WORKSPACE}/*) ;; *) exit ${OUTSIDE};; esac`
const READ = `${GUARD}; [ -f "$1" ] || exit ${ABSENT}; exec cat -- "$1"`
const WRITE = `${GUARD}; mkdir -p -- "$(dirname -- "$1")" && { [ ! -e "$1" ] || [ -f "$1" ] || { echo 'it is no file' >&2; exit 1; }; } && cat > "$1"`
const FOLDER = `${GUARD}; cd -- "$1" && pwd -P`

/** The bytes of a file; null where there is none. */
export async function readInside(setting: Setting, name: string): Promise<Uint8Array | null> {
  const { code, bytes, says } = await run(setting, READ, placeOf(name))
  if (code === ABSENT) return null
  if (code === OUTSIDE) throw outside(name)
  if (code !== 0) throw broken('sandbox.read-failed', name, says)
  return bytes
}

export async function writeInside(setting: Setting, name: string, content: Uint8Array): Promise<void> {
  const { code, says } = await run(setting, WRITE, placeOf(name), content)
  if (code === OUTSIDE) throw outside(name)
  if (code !== 0) throw broken('sandbox.write-failed', name, says)
}

/** A folder as an absolute path; null where there is none. */
export async function folderInside(setting: Setting, name: string): Promise<string | null> {
  const { code, bytes } = await run(setting, FOLDER, placeOf(name))
  if (code === OUTSIDE) throw outside(name)
  return code === 0 ? bytes.toString('utf8').trimEnd() : null
}

/** A relative path that stays in the workspace, as far as its words tell. */
export function placeOf(name: string): string {
  const place = path.posix.resolve(WORKSPACE, name)
  const isInside = place === WORKSPACE || place.startsWith(`${WORKSPACE}/`)
  if (name === '' || name.includes('\0') || !isInside) throw outside(name)
  return place
}

async function run(setting: Setting, script: string, place: string, input?: Uint8Array) {
  const { limits } = setting
  const words = programWithin(['/bin/bash', '-c', script, 'limi', place], limits, undefined)
  const { child, ended } = start({
    ...wallsOf(setting, {}),
    command: words,
    ...{ limits, written: setting.place.written, timeoutMs: TIMEOUT_MS },
  })
  const { stdin, stdout, stderr } = child
  if (stdin === null || stdout === null || stderr === null) throw new Error('a process without pipes')
  stdin.end(input)
  const [out, err, end] = await Promise.all([collect(stdout, LARGEST), collect(stderr, 4096), ended])
  if (out.left > 0) throw broken('sandbox.too-large', place, `it has more than ${LARGEST} bytes`)
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

const broken = (code: string, where: string, message: string): FailureError =>
  new FailureError({ kind: 'input', code, message: message === '' ? 'it failed without a word' : message, where })
