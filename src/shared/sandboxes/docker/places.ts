/** Where the workspace lies in an image that says nothing of it. */
export const WORKSPACE = '/workspace'
export const HOME = '/home/user'
/** Where a shell says in which folder it ended. */
export const TOLD = '/run/limi'
/** Where sockets lie that lead to ports outside. */
export const BRIDGES = '/run/limi-ports'

/** What a workspace lies in. */
export interface System {
  /** The image, as the engine names it. */
  readonly image: string
  /** Absolute path inside. */
  readonly workspace: string
  /** Whether limi makes up its user and home: it was not asked for by a spec. */
  readonly isOwn: boolean
  /** Whom processes run as, `UID:GID` or as the image names it. */
  readonly user: string
  readonly isRoot: boolean
  /** The image's own `PATH`, or that of `env`. */
  readonly path?: string
  /** Variables besides the image's own. */
  readonly env?: Readonly<Record<string, string>>
}
