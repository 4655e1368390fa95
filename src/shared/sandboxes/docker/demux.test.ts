import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { demux } from './demux.js'

function frame(stream: number, content: string): Buffer {
  const head = Buffer.alloc(8)
  head[0] = stream
  head.writeUInt32BE(Buffer.byteLength(content), 4)
  return Buffer.concat([head, Buffer.from(content)])
}

test('two streams in one come apart, however the bytes are cut', async () => {
  const frames = fc.array(fc.tuple(fc.constantFrom(1, 2), fc.string({ maxLength: 300 })), { maxLength: 20 })
  await fc.assert(
    fc.asyncProperty(frames, fc.integer({ min: 1, max: 50 }), async (all, size) => {
      const bytes = Buffer.concat(all.map(([stream, content]) => frame(stream, content)))
      const cut = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
        bytes.subarray(at * size, (at + 1) * size),
      )
      const { stdout, stderr, ended } = demux(Readable.from(cut))
      const [out, err] = await Promise.all([text(stdout), text(stderr), ended])
      const said = (wanted: number): string =>
        all.map(([stream, content]) => (stream === wanted ? content : '')).join('')
      expect([out, err]).toEqual([said(1), said(2)])
    }),
    { numRuns: 100 },
  )
})
