import { createRequire } from 'node:module'
import path from 'node:path'

/** Set, it names a node_modules folder with `@anthropic-ai/sdk` and `@google/genai`; tests that ask the official clients skip without. */
const clients = process.env['LIMI_TEST_CLIENTS']

export const NO_CLIENT = 'needs LIMI_TEST_CLIENTS, a node_modules folder with the official clients'

/** An official client's module; null where it is not installed. */
export function officialClient(name: string): unknown {
  if (clients === undefined) return null
  try {
    return createRequire(path.join(clients, 'none.js'))(name) as unknown
  } catch {
    return null
  }
}
