import { createRequire } from 'node:module'
import { done, failed, FailureError, unwrap, type Failure, type Result } from '../../../nouns/index.js'
import type { Sandbox, SandboxProvider, SandboxSpec } from '../sandbox.js'
import type { VirtualLimits } from './limits.js'
import { madeWhenUsed } from './made-when-used.js'

/** Where the spec gives none. */
const DEFAULT_LIMITS: VirtualLimits = {
  timeoutMs: 10_000,
  maxOutputBytes: 64 * 1024,
  maxWorkspaceBytes: 64 * 1024 * 1024,
}

/**
 * Sandboxes on `just-bash`. The folder a command ends in is where the next one starts; variables, functions and options
 * are gone when a command ends. A busy loop is stopped, but holds this process until it is: at most `timeoutMs`.
 * Hard links become copies when a snapshot is restored. One that begins empty is made, and the shell loaded, when something is first done in
 * it; a shell that cannot be loaded is `sandbox.broken`.
 */
export const virtualSandboxes: SandboxProvider = {
  name: 'virtual',
  async probe() {
    try {
      createRequire(import.meta.url).resolve('just-bash')
      return { ready: true }
    } catch (error) {
      return { ready: false, missing: broken(error) }
    }
  },
  create: createVirtual,
}

async function createVirtual({ files, base, image, limits: given }: SandboxSpec): Promise<Result<Sandbox>> {
  if (image !== undefined) {
    return failed({
      kind: 'input',
      code: 'sandbox.no-image',
      message: 'the virtual sandbox has a shell of its own, and runs no container image',
      remedy: 'use `sandbox: docker`',
    })
  }
  if (base !== undefined) {
    return failed({
      kind: 'input',
      code: 'sandbox.no-base',
      message: 'the virtual sandbox begins with files of its own, and cannot begin as a folder of this machine',
      where: base,
      remedy: 'use `sandbox: bubblewrap`',
    })
  }
  const make = (): Promise<Result<Sandbox>> => open(files, { ...DEFAULT_LIMITS, ...given })
  if (Object.keys(files).length > 0) return make()
  return done(madeWhenUsed(async () => unwrap(await make())))
}

/** The shell is most of what there is to load: it comes with the first workspace. */
async function open(files: SandboxSpec['files'], limits: VirtualLimits): Promise<Result<Sandbox>> {
  const workspace = await import('./workspace.js').catch((error: unknown) => {
    throw new FailureError(broken(error), { cause: error })
  })
  return workspace.openWorkspace(files, limits)
}

const broken = (error: unknown): Failure => ({
  kind: 'missing',
  code: 'sandbox.broken',
  message: `the virtual shell cannot be loaded: ${error instanceof Error ? error.message : String(error)}`,
  remedy: 'install the dependencies again: `npm ci`',
})
