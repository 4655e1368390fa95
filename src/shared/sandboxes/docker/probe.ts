import { FailureError } from '../../../nouns/index.js'
import type { SandboxProvider } from '../sandbox.js'
import { theEngine } from './engine.js'

/** Whether an engine answers; an image is looked for when a sandbox is made. */
export async function probe(): Promise<Awaited<ReturnType<SandboxProvider['probe']>>> {
  try {
    await theEngine()
    return { ready: true }
  } catch (error) {
    if (error instanceof FailureError) return { ready: false, missing: error.failure }
    throw error
  }
}
