import { open, stat } from 'node:fs/promises'
import { done, failed, type Result } from '../../../nouns/index.js'
import { digestOfFile, digestOfFolder, diskFailure } from '../../../shared/project/index.js'
import type { EvaluationSource } from './importer.js'

const HEAD_BYTES = 4096

/** What a path names, looked at. Failures: `file.absent`, `import.no-file` for a device or a pipe, `disk.*`. */
export async function sourceOf(path: string): Promise<Result<EvaluationSource>> {
  try {
    const found = await stat(path)
    if (found.isDirectory()) return done({ path, isFolder: true, head: '', digest: await digestOfFolder(path) })
    if (found.isFile())
      return done({ path, isFolder: false, head: await headOf(path), digest: await digestOfFile(path) })
  } catch (error) {
    return failed({ ...diskFailure(error, path), kind: 'input' })
  }
  return failed({
    kind: 'input',
    code: 'import.no-file',
    message: 'neither a file nor a folder',
    where: path,
    remedy: 'name a log or the folder of one evaluation',
  })
}

async function headOf(path: string): Promise<string> {
  const handle = await open(path)
  try {
    const buffer = Buffer.alloc(HEAD_BYTES)
    const { bytesRead } = await handle.read(buffer, 0, HEAD_BYTES, 0)
    return buffer.toString('latin1', 0, bytesRead)
  } finally {
    await handle.close()
  }
}
