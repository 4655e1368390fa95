import process from 'node:process'

/** As whom processes run in a sandbox, and what starts them so. */
export interface Caller {
  /** Whoever owns what lies in a sandbox, as this machine sees it. */
  readonly uid: number
  /** Put before a command. */
  readonly prefix: readonly string[]
}

const NOBODY = 65534

/** Root's sandboxes run as nobody; anybody else's as themselves. In both, the namespaces come on top. */
export function theCaller(): Caller {
  if (process.getuid?.() !== 0) return { uid: process.getuid?.() ?? NOBODY, prefix: [] }
  const id = String(NOBODY)
  return {
    uid: NOBODY,
    prefix: ['setpriv', '--reuid', id, '--regid', id, '--clear-groups', '--no-new-privs', '--'],
  }
}

/** A user namespace of one's own, in which every file of one's own can be read and removed, whatever its mode. */
export const AS_OWNER = ['unshare', '--user', '--map-root-user', '--'] as const
