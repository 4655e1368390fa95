import { PassThrough } from 'node:stream'

export interface Demuxed {
  readonly stdout: PassThrough
  readonly stderr: PassThrough
  /** Resolves when the engine said all. */
  readonly ended: Promise<void>
}

const HEADER = 8
const STDERR = 2

/**
 * The two streams of a process that an engine sends as one: frames with a header of eight bytes, of which the first is the stream and the last four
 * the length (Docker's API, "attach to a container"). Nothing is read before what was read found a reader.
 */
export function demux(source: NodeJS.ReadableStream): Demuxed {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  const ended = pump(source, stdout, stderr)
    .catch(() => undefined)
    .finally(() => {
      stdout.end()
      stderr.end()
    })
  return { stdout, stderr, ended }
}

async function pump(source: NodeJS.ReadableStream, stdout: PassThrough, stderr: PassThrough): Promise<void> {
  let head = Buffer.alloc(0)
  let left = 0
  let to = stdout
  for await (const chunk of source as AsyncIterable<Buffer>) {
    let rest = chunk
    while (rest.length > 0) {
      if (left > 0) {
        const part = rest.subarray(0, left)
        left -= part.length
        rest = rest.subarray(part.length)
        await pass(to, part)
        continue
      }
      const missing = HEADER - head.length
      head = Buffer.concat([head, rest.subarray(0, missing)])
      rest = rest.subarray(missing)
      if (head.length < HEADER) continue
      to = head[0] === STDERR ? stderr : stdout
      left = head.readUInt32BE(4)
      head = Buffer.alloc(0)
    }
  }
}

/** A reader that is gone takes nothing more, and holds up nothing. */
async function pass(to: PassThrough, part: Buffer): Promise<void> {
  if (to.destroyed || to.write(part)) return
  await new Promise<void>((resolve) => {
    const go = (): void => {
      to.off('drain', go).off('close', go)
      resolve()
    }
    to.on('drain', go).on('close', go)
  })
}
