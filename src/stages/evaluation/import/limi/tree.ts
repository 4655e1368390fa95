import { readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { done, failed, type Result } from '../../../../nouns/index.js'
import { diskFailure } from '../../../../shared/project/index.js'
import { openZip } from '../../../../shared/zip/index.js'
import { MAX_PIECE_BYTES } from '../importer.js'

/** Files by relative path with forward slashes: of a folder, or of an archive, which is never unpacked by its names. */
export interface Tree {
  readonly names: readonly string[]
  read(name: string): Promise<Result<Buffer>>
  close(): Promise<void>
}

export async function folderTree(folder: string): Promise<Result<Tree>> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name))
    const names = files.map((file) => path.relative(folder, file).split(path.sep).join('/')).sort()
    return done({ names, read: (name) => readWhole(path.join(folder, name)), close: () => Promise.resolve() })
  } catch (error) {
    return failed(diskFailure(error, folder))
  }
}

async function readWhole(file: string): Promise<Result<Buffer>> {
  try {
    const { size } = await stat(file)
    if (size <= MAX_PIECE_BYTES) return done(await readFile(file))
    return failed({
      kind: 'input',
      code: 'import.too-large',
      message: `it has ${size} bytes; ${MAX_PIECE_BYTES} are read at once`,
      where: file,
      remedy: 'leave it out',
    })
  } catch (error) {
    return failed(diskFailure(error, file))
  }
}

/** An archive whose files all lie in one folder is that folder. */
export async function archiveTree(file: string): Promise<Result<Tree>> {
  const zip = await openZip(file)
  if (!zip.ok) return zip
  const members = zip.value.members.filter(({ name }) => !name.endsWith('/'))
  const [first] = members
  const top = `${first?.name.split('/')[0] ?? ''}/`
  const prefix = members.every(({ name }) => name.startsWith(top)) ? top : ''
  const byName = new Map(members.map((member) => [member.name.slice(prefix.length), member]))
  return done({
    names: [...byName.keys()].sort(),
    read: async (name) => {
      const member = byName.get(name)
      if (member !== undefined) return zip.value.read(member, MAX_PIECE_BYTES)
      return failed({
        kind: 'input',
        code: 'file.absent',
        message: `no ${name}`,
        where: file,
        remedy: 'check the path',
      })
    },
    close: () => zip.value.close(),
  })
}
