import { spawnSync } from 'node:child_process'
import { createReadStream, realpathSync, statSync } from 'node:fs'
import path from 'node:path'
import { fileEntry, folderEntry, type Entry } from '../tar.js'

/** What attempts on a sandbox are made with. */
const PROGRAMS =
  'bash cat chmod chown chroot cp cut date dd dirname dmesg du env find getent grep head hostname id kill ln ls mkdir mkfifo mknod mktemp mount mv ' +
  'nice nohup perl ps readlink realpath rm sed seq setsid sha256sum sleep socat sort stat sysctl tail tee touch tr true truncate tty umount unshare wc xargs'

const FOLDERS = 'dev etc home mnt opt proc root run srv sys tmp usr usr/bin usr/lib var var/tmp'

/** A system as an image: this machine's programs with the libraries that they load, and no file of anybody’s. */
export async function* programsOfThisMachine(): AsyncGenerator<Entry> {
  for (const folder of FOLDERS.split(' '))
    yield folderEntry(folder, folder.endsWith('tmp') ? 0o1777 : folder === 'root' ? 0o700 : 0o755)
  for (const [from, to] of [
    ['bin', 'usr/bin'],
    ['sbin', 'usr/bin'],
    ['lib', 'usr/lib'],
    ['lib64', 'usr/lib'],
  ] as const)
    yield link(from, to)
  yield link('usr/bin/sh', 'bash')
  yield fileEntry('etc/hostname', 'limi\n')
  const programs = PROGRAMS.split(' ')
    .map(placeOf)
    .filter((place) => place !== null)
  for (const place of programs) yield copy(place, `usr/bin/${path.basename(place)}`)
  const libraries = new Map(programs.flatMap(librariesOf).map((place) => [path.basename(place), place]))
  for (const [name, place] of libraries) yield copy(place, `usr/lib/${name}`)
}

const link = (name: string, target: string): Entry => ({
  ...{ name: Buffer.from(name), kind: 'link', mode: 0o777, size: 0, target: Buffer.from(target) },
})

function copy(place: string, name: string): Entry {
  const real = realpathSync(place)
  const content = {
    async *[Symbol.asyncIterator]() {
      yield* createReadStream(real) as AsyncIterable<Buffer>
    },
  }
  return { name: Buffer.from(name), kind: 'file', mode: 0o755, size: statSync(real).size, content }
}

function placeOf(program: string): string | null {
  const { stdout } = spawnSync('bash', ['-c', 'type -P "$1"', 'bash', program], { encoding: 'utf8' })
  return stdout.trim() === '' ? null : stdout.trim()
}

const librariesOf = (program: string): readonly string[] =>
  spawnSync('ldd', [program], { encoding: 'utf8' })
    .stdout.match(/\/\S+/g)
    ?.filter((place) => place.includes('.so')) ?? []
