import path from 'node:path'
import { done, failed, FailureError, type Failure, type Query, type Result } from '../../nouns/index.js'
import type { Repositories } from '../repositories/index.js'
import type { Sandbox, SandboxImage, SandboxProvider, SandboxSpec } from '../sandboxes/index.js'

/** Makes workspaces as queries want to begin. */
export interface Workspaces {
  /** The name of the sandboxes that they lie in. */
  readonly name: string
  /** Failures: `workspace.*`, those of git, the sandbox and the disk. */
  open(query: Query, wanted?: Wanted): Promise<Result<Sandbox>>
}

/** What whoever works there needs besides the query. */
export interface Wanted {
  /** Its own files on this machine. */
  readonly readable?: readonly string[] | undefined
  readonly signal?: AbortSignal | undefined
}

export interface WorkspaceMeans {
  /** What the folders of images are relative to; this process's own where not given. */
  readonly root?: string
  /** Where queries may begin in repositories. */
  readonly repositories?: Repositories
  /** Folders of tools: {@link SandboxSpec.tools}. */
  readonly tools?: readonly string[]
  /** Milliseconds that one set-up command may take. */
  readonly setUpMs?: number
  /** What set-up commands alone see besides the sandbox's own variables. */
  readonly setUpEnv?: Readonly<Record<string, string>>
}

const SET_UP_MS = 900_000
/** Of what a set-up command printed, so much is told. */
const TOLD = 2000
const MIB = 2 ** 20

export function workspacesIn(sandboxes: SandboxProvider, means: WorkspaceMeans = {}): Workspaces {
  return {
    name: sandboxes.name,
    async open(query, { readable = [], signal } = {}) {
      const spec = await specOf(query, means)
      if (!spec.ok) return spec
      const created = await sandboxes.create({ ...spec.value, readable })
      if (!created.ok) return created
      const problem = await setUp(created.value, query, means, signal)
      if (problem === null) return created
      await created.value.dispose()
      return failed(problem)
    },
  }
}

async function specOf(
  { id, start }: Query,
  { root = '.', repositories, tools }: WorkspaceMeans,
): Promise<Result<SandboxSpec>> {
  const spec = {
    files: start.files,
    ...(tools === undefined ? {} : { tools }),
    ...(start.image === undefined ? {} : { image: imageOf(start.image, root) }),
    ...(start.limits === undefined ? {} : { limits: limitsOf(start.limits) }),
  }
  if (start.repository === undefined) return done(spec)
  if (repositories === undefined) return failed(noRepositories(id))
  const base = await repositories.folderOf(start.repository)
  return base.ok ? done({ ...spec, base: base.value }) : base
}

function imageOf(image: NonNullable<Query['start']['image']>, root: string): SandboxImage {
  const env = image.env === undefined ? {} : { env: image.env }
  if ('name' in image) return { kind: 'name', name: image.name, ...env }
  return { kind: 'build', folder: path.resolve(root, image.build), ...env }
}

const limitsOf = ({ memory, disk }: NonNullable<Query['start']['limits']>): NonNullable<SandboxSpec['limits']> => ({
  ...(memory === undefined ? {} : { maxMemoryBytes: memory * MIB }),
  ...(disk === undefined ? {} : { maxWorkspaceBytes: disk * MIB }),
})

/** Runs what a query says comes first; what went wrong, or null. */
async function setUp(
  sandbox: Sandbox,
  { id, start }: Query,
  { setUpMs = SET_UP_MS, setUpEnv = {} }: WorkspaceMeans,
  signal: AbortSignal | undefined,
): Promise<Failure | null> {
  for (const command of start.setup ?? []) {
    if (sandbox.setUp === undefined) return noSetUp(id)
    try {
      const options = { timeoutMs: setUpMs, cwd: '.', env: setUpEnv, ...(signal === undefined ? {} : { signal }) }
      const { exitCode, timedOut, stdout, stderr } = await sandbox.setUp(command, options)
      if (signal?.aborted === true) return INTERRUPTED
      if (timedOut) return failedSetUp(id, command, `took more than ${setUpMs / 1000} s`, stdout + stderr)
      if (exitCode !== 0) return failedSetUp(id, command, `ended with ${exitCode}`, stdout + stderr)
    } catch (error) {
      if (error instanceof FailureError) return error.failure
      throw error
    }
  }
  return null
}

const failedSetUp = (id: string, command: string, how: string, said: string): Failure => ({
  kind: 'underway',
  code: 'workspace.set-up',
  message: `query ${id}: its set-up ${JSON.stringify(command)} ${how}: ${said.trim().slice(-TOLD)}`,
  where: id,
  remedy:
    'correct `start.setup` of the query; what its network needs is named in limi.yaml: `workspace: { setup: { environment: [...] } }`',
})

const noSetUp = (id: string): Failure => ({
  kind: 'input',
  code: 'workspace.no-set-up',
  message: `query ${id} has a set-up, and this sandbox has no network to give it`,
  where: id,
  remedy: 'use `sandbox: bubblewrap`',
})

const noRepositories = (id: string): Failure => ({
  kind: 'input',
  code: 'workspace.no-repository',
  message: `query ${id} starts in a repository, and none can be reached here`,
  where: id,
  remedy: 'leave this query out, or give it files to start with',
})

const INTERRUPTED: Failure = {
  kind: 'interrupted',
  code: 'rollout.interrupted',
  message: 'the rollout was interrupted while its workspace was set up',
  remedy: 'run the same command again: finished work is kept',
}
