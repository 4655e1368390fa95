import { createWriteStream } from 'node:fs'
import path from 'node:path'
import type { SessionNotification } from '@agentclientprotocol/sdk'

/** Beyond it what an agent tells of itself is no longer kept, and a last line says so. */
const MOST_BYTES = 64 << 20

/** What an agent tells its client while it works, as `acp.jsonl`: evidence, since the trajectory is made from the wire. */
export function keepUpdates(folder: string | undefined): {
  readonly update: (notification: SessionNotification) => void
  close(): Promise<void>
} {
  if (folder === undefined) return { update: () => undefined, close: () => Promise.resolve() }
  const file = createWriteStream(path.join(folder, 'acp.jsonl'))
  const broken = new Promise<void>((resolve) => file.once('error', () => resolve()))
  let bytes = 0
  const write = (value: unknown): void => void file.write(`${JSON.stringify(value)}\n`)
  return {
    update({ update }) {
      const before = bytes
      bytes += JSON.stringify(update).length
      if (bytes <= MOST_BYTES) write({ time: new Date().toISOString(), ...update })
      else if (before <= MOST_BYTES) write({ limi: `what came after ${MOST_BYTES} bytes is left out` })
    },
    close: () => Promise.race([broken, new Promise<void>((resolve) => file.end(() => resolve()))]),
  }
}
