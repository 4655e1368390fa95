import path from 'node:path'
import { RequestError } from '@agentclientprotocol/sdk'
import { FailureError } from '../../../nouns/index.js'

/** Where the workspace lies in every sandbox. */
export const WORKSPACE = '/workspace'

/** The protocol's paths are absolute; a sandbox's are relative to the workspace, and it refuses those that leave it. */
export const placeIn = (name: string): string =>
  path.posix.isAbsolute(name) ? path.posix.relative(WORKSPACE, name) || '.' : name

/** What a sandbox refuses is the agent's to know. */
export async function refusing<Value>(path: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof FailureError) throw RequestError.invalidParams({ path }, error.failure.message)
    throw error
  }
}
