import type { Readable, Writable } from 'node:stream'
import type { Tap } from '../tap.js'

/** Moves bytes as they come, tells of each after it is on its way, and reads no more while one side is behind. */
export function pump(from: Readable, to: Writable, tap: Tap, told: (bytes: Buffer) => void): void {
  let isBehind = false
  const resume = (): void => {
    if (isBehind || !tap.hasRoom()) return
    from.resume()
  }
  to.on('drain', () => {
    isBehind = false
    resume()
  })
  from.on('data', (bytes: Buffer) => {
    if (to.destroyed) return
    isBehind = !to.write(bytes)
    told(bytes)
    if (!isBehind && tap.hasRoom()) return
    from.pause()
    if (!tap.hasRoom()) void tap.room().then(resume)
  })
}
