import type { Failure } from '../../nouns/index.js'

const errorCode = (error: unknown): string | undefined => (error as NodeJS.ErrnoException | undefined)?.code

const REMEDIES: Record<string, Omit<Failure, 'message' | 'where'>> = {
  ENOENT: { kind: 'input', code: 'file.absent', remedy: 'check the path' },
  ENOSPC: {
    kind: 'underway',
    code: 'disk.full',
    remedy: 'free some space, then run the same command again: finished work is kept',
  },
  EDQUOT: { kind: 'underway', code: 'disk.full', remedy: 'free some of your quota, then run the same command again' },
  EACCES: {
    kind: 'input',
    code: 'disk.denied',
    remedy: 'choose a folder that you may write to, or change its permissions',
  },
  EPERM: {
    kind: 'input',
    code: 'disk.denied',
    remedy: 'choose a folder that you may write to, or change its permissions',
  },
  ENOTDIR: { kind: 'input', code: 'disk.not-a-folder', remedy: 'name a folder, not a file' },
  EISDIR: { kind: 'input', code: 'disk.is-a-folder', remedy: 'name a file, not a folder' },
  EROFS: { kind: 'input', code: 'disk.denied', remedy: 'choose a folder on a writable disk' },
}

/** Where the place alone says the rest. */
const WORDS: Record<string, string> = {
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'a part of this path is a file, where a folder must be',
  EISDIR: 'this is a folder, where a file must be',
}

/** A file-system error as a failure with a remedy. */
export function diskFailure(error: unknown, where: string): Failure {
  const known = REMEDIES[errorCode(error) ?? '']
  const message = error instanceof Error ? (WORDS[errorCode(error) ?? ''] ?? error.message) : String(error)
  return { kind: 'underway', code: 'disk.failed', ...known, message, where }
}
