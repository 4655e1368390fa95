import { setTimeout as after } from 'node:timers/promises'
import type Docker from 'dockerode'
import type { ProcessEnd, SandboxLimits } from '../sandbox.js'
import type { Container } from './containers.js'
import type { Answer } from './control.js'
import type { Running } from './running.js'

export interface Watched {
  /** The one of this moment. */
  readonly container: () => Container
  /** Whether the kernel ended something because memory was full, since it was last told. */
  readonly metMemory: (answer: Answer | null) => boolean
  readonly running: ReadonlySet<Running>
  readonly limits: SandboxLimits
}

/** Most commands are over before they are looked at. */
const EVERY_MS = 200
/** Measuring what was written takes the engine a while: it does so for a tenth of the time at most. */
const PAUSE = 10
/** A container that cannot be measured so often is taken to hold too much: folders too deep for the engine do that. */
const MOST_FAILURES = 3
const ENTRY_BYTES = 4096
/** Every so many looks, processes that ended are let go. */
const SETTLE = 5

/** Looks at memory and disk while anything runs, and ends all of it where a limit is met: nobody can tell whose it was. */
export async function watch({ container, metMemory, running, limits }: Watched): Promise<void> {
  let nextSize = 0
  let failures = 0
  const meet = (limit: NonNullable<ProcessEnd['limit']>): void => {
    for (const one of running) one.end(limit)
  }
  await after(EVERY_MS / 2)
  for (let look = 1; running.size > 0; look += 1) {
    const now = container()
    if (metMemory(await now.control.look())) meet('memory')
    if (performance.now() >= nextSize) {
      const began = performance.now()
      const size = await sizeOf(now.docker).catch(() => null)
      failures = size === null ? failures + 1 : 0
      if ((size ?? 0) > limits.maxWorkspaceBytes || failures >= MOST_FAILURES) meet('workspace')
      nextSize = performance.now() + PAUSE * (performance.now() - began)
    }
    if (look % SETTLE === 0) await Promise.all([...running].map((one) => one.settle().catch(() => undefined)))
    await after(EVERY_MS)
  }
}

/** Bytes that were written to the container's own layer; an entry counts for a block at least. */
async function sizeOf(docker: Docker.Container): Promise<number> {
  const { SizeRw } = (await docker.inspect({ size: true } as object)) as { readonly SizeRw?: number }
  const changes = ((await docker.changes()) as readonly unknown[] | null) ?? []
  return (SizeRw ?? 0) + changes.length * ENTRY_BYTES
}
