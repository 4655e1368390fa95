import type { Readable, Writable } from 'node:stream'
import type { Tap } from '../tap.js'

const EVENTS = ['end', 'error', 'close']

/**
 * Moves bytes as they come, tells of them after they are on their way, and reads no more while one side is behind. Pieces that one read of the
 * connection brought go on as one: nothing waits for more than that read, and each write costs as much as a small answer.
 */
export function pump(from: Readable, to: Writable, tap: Tap, told: (bytes: Buffer) => void): void {
  let pieces: Buffer[] = []
  let isBehind = false
  // Whatever was waited for, what else stands in the way by now is waited for too.
  const resume = (): void => {
    if (isBehind) return
    if (tap.hasRoom()) from.resume()
    else void tap.room().then(resume)
  }
  const passOn = (): void => {
    if (pieces.length === 0) return
    const [first = Buffer.alloc(0), ...more] = pieces
    const bytes = more.length === 0 ? first : Buffer.concat(pieces)
    pieces = []
    if (to.destroyed) return
    isBehind = !to.write(bytes)
    told(bytes)
    if (!isBehind && tap.hasRoom()) return
    from.pause()
    resume()
  }
  to.on('drain', () => {
    isBehind = false
    resume()
  })
  from.on('data', (bytes: Buffer) => {
    if (pieces.push(bytes) === 1) process.nextTick(passOn)
  })
  for (const event of EVENTS) from.on(event, passOn)
}
