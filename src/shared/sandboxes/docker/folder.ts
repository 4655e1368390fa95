import { createReadStream } from 'node:fs'
import { lstat, readdir, readFile, readlink } from 'node:fs/promises'
import type { Entry } from './tar.js'

const SLASH = Buffer.from('/')

/**
 * What a folder of this machine holds, parents first, by name; links stay links and are followed nowhere. Sockets, pipes and devices are no content
 * and are left out.
 */
export async function* entriesIn(folder: string, prefix = ''): AsyncGenerator<Entry> {
  yield* below(Buffer.from(folder), Buffer.from(prefix))
}

async function* below(folder: Buffer, prefix: Buffer): AsyncGenerator<Entry> {
  const names = await readdir(folder, { encoding: 'buffer' })
  for (const name of names.sort((one, other) => one.compare(other))) {
    const place = Buffer.concat([folder, SLASH, name])
    const inside = prefix.length === 0 ? name : Buffer.concat([prefix, SLASH, name])
    const stat = await lstat(place)
    const told = { name: inside, mode: stat.mode & 0o777, size: 0, mtime: Math.trunc(stat.mtimeMs / 1000) }
    if (stat.isSymbolicLink()) yield { ...told, kind: 'link', target: await readlink(place, { encoding: 'buffer' }) }
    if (stat.isFile()) {
      yield { ...told, kind: 'file', size: stat.size, content: contentOf(place, stat.size) }
    }
    if (stat.isDirectory()) {
      yield { ...told, kind: 'folder' }
      yield* below(place, inside)
    }
  }
}

const SMALL = 1 << 20

async function* contentOf(place: Buffer, size: number): AsyncGenerator<Buffer> {
  if (size <= SMALL) yield await readFile(place)
  else yield* createReadStream(place) as AsyncIterable<Buffer>
}
