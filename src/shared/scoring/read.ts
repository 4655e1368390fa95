import { posix } from 'node:path'
import { FailureError } from '../../nouns/index.js'
import type { Sandbox } from '../sandboxes/index.js'

/**
 * A file of the workspace; null where there is none, `outside` where an agent's link leads out of the workspace: that is what it left
 * behind, and no fault of who scores it. A path that by itself leaves the workspace is the scorer's own mistake, and fails.
 */
export async function readLeft(sandbox: Sandbox, path: string): Promise<Uint8Array | null | 'outside'> {
  try {
    return await sandbox.read(path)
  } catch (error) {
    const isOutside = error instanceof FailureError && error.failure.code === 'sandbox.outside'
    if (isOutside && !leavesByItself(path)) return 'outside'
    throw error
  }
}

const leavesByItself = (path: string): boolean =>
  path === '' || posix.isAbsolute(path) || /^\.\.(\/|$)/u.test(posix.normalize(path))
