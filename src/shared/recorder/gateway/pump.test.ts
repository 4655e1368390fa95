import { PassThrough, Writable } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { listeningTap } from '../testing/tap.js'
import { pump } from './pump.js'

interface Slow {
  readonly to: Writable
  readonly came: Buffer[]
  /** Ends the write that waits. */
  readonly drain: () => void
}

/** Takes one write at a time, and says that it is behind from the first byte on. */
function slow(): Slow {
  const came: Buffer[] = []
  let written: (() => void) | undefined
  const to = new Writable({
    highWaterMark: 1,
    write(bytes: Buffer, _encoding, callback) {
      came.push(bytes)
      written = callback
    },
  })
  return { to, came, drain: () => written?.() }
}

describe('pump', () => {
  it('goes on where the tap filled up while the other side was behind', async () => {
    const [from, tap, { to, came, drain }] = [new PassThrough(), listeningTap(), slow()]
    pump(from, to, tap, () => undefined)
    from.write('one')
    await turn()
    const empty = tap.fill()
    drain()
    from.write('two')
    await turn()
    expect(String(Buffer.concat(came))).toBe('one')
    empty()
    await turn()
    expect(String(Buffer.concat(came))).toBe('onetwo')
  })

  it('goes on where the other side fell behind while the tap was full', async () => {
    const [from, tap, { to, came, drain }] = [new PassThrough(), listeningTap(), slow()]
    pump(from, to, tap, () => undefined)
    const empty = tap.fill()
    from.write('one')
    await turn()
    from.write('two')
    empty()
    await turn()
    expect(String(Buffer.concat(came))).toBe('one')
    drain()
    await turn()
    expect(String(Buffer.concat(came))).toBe('onetwo')
  })

  it('passes what one read brought on as one, and tells of it once', async () => {
    const [from, tap, told] = [new PassThrough(), listeningTap(), [] as string[]]
    const came: string[] = []
    const to = new Writable({
      write(bytes: Buffer, _encoding, callback) {
        came.push(String(bytes))
        callback()
      },
    })
    pump(from, to, tap, (bytes) => told.push(String(bytes)))
    for (const piece of ['a', 'b', 'c']) from.write(piece)
    from.resume()
    await turn()
    from.end('d')
    await turn()
    await turn()
    expect(came.join('')).toBe('abcd')
    expect(told).toEqual(came)
    expect(came.length).toBeLessThan(4)
  })

  it('tells of nothing that it could not pass on', async () => {
    const [from, tap, told] = [new PassThrough(), listeningTap(), [] as string[]]
    const to = new PassThrough()
    pump(from, to, tap, (bytes) => told.push(String(bytes)))
    from.write('lost')
    to.destroy()
    await turn()
    expect(told).toEqual([])
  })
})
