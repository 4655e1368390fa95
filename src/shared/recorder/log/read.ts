import { open, type FileHandle } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { readJson, readLines } from '../../json/index.js'
import { LOG_FILE, type CallEnd } from './entry.js'

const Headers = z.array(z.tuple([z.string(), z.string()]))
const Piece = z.union([
  z.string(),
  z.object({ base64: z.base64() }),
  z.tuple([z.number().int().positive(), z.number().int().positive()]),
])
const how: readonly [CallEnd, ...CallEnd[]] = ['complete', 'client-gone', 'upstream-gone', 'cut']
const ReadLine = z.discriminatedUnion('type', [
  z.object({ type: z.literal('blob'), id: z.number(), text: z.string().optional(), base64: z.base64().optional() }),
  z.object({
    type: z.literal('request'),
    call: z.string(),
    time: z.string(),
    route: z.string(),
    method: z.string(),
    url: z.string(),
    headers: Headers,
  }),
  z.object({ type: z.literal('request-body'), call: z.string(), encoding: z.string().optional() }),
  z.object({ type: z.literal('response'), call: z.string(), status: z.number(), headers: Headers }),
  z.object({ type: z.literal('chunks'), call: z.string(), encoding: z.string().optional() }),
  z.object({
    type: z.literal('end'),
    call: z.string(),
    ms: z.number(),
    how: z.enum(how),
    problem: z.string().optional(),
  }),
  z.object({ type: z.literal('note') }),
])
type ReadLine = z.infer<typeof ReadLine>
const Body = z.object({ body: z.array(Piece) })
const Chunks = z.object({ chunks: z.array(z.tuple([z.number(), Piece])) })

/** Longest line that is read: a blob of 8 MB whose every byte is escaped fits. */
const MAX_LINE_BYTES = 64 << 20

interface Place {
  readonly offset: number
  readonly length: number
}

/** One exchange as the log has it. Bodies are read from the file when they are asked for. */
export interface RawCall {
  readonly id: string
  readonly time: string
  readonly route: string
  readonly method: string
  readonly url: string
  readonly headers: z.infer<typeof Headers>
  readonly status?: number
  readonly responseHeaders?: z.infer<typeof Headers>
  /** Absent where the log ends before the call did. */
  readonly how?: CallEnd
  readonly durationMs?: number
  readonly problem?: string
  /** How the request's body still is compressed, where it could not be read when it was recorded. */
  readonly encoding?: string
  /** The same of the answer. */
  readonly responseEncoding?: string
  /** A {@link LogFault} where the log does not hold all of it, or it is longer than `maxBytes`. */
  requestBody(maxBytes?: number): Promise<Buffer>
  /** A {@link LogFault} where the log does not hold all of it. */
  response(): AsyncGenerator<{ readonly ms: number; readonly bytes: Buffer }>
}

/** What a log names and does not hold. */
export class LogFault extends Error {}

/** {@link readLog} of a recording's folder. */
export const readCalls = (folder: string, warn: (line: string) => void): AsyncGenerator<RawCall> =>
  readLog(path.join(folder, LOG_FILE), warn)

/**
 * The exchanges of a recording, as each ended, then those that never did; in memory are the places of blobs and of what belongs to open
 * exchanges. A last line that is cut ends the log; of any other that cannot be read `warn` is told. Errors of the disk are thrown.
 */
export async function* readLog(file: string, warn: (line: string) => void): AsyncGenerator<RawCall> {
  const blobs = new Map<number, Place>()
  const calls = new Map<string, Gathered>()
  let odd: number | null = null
  for await (const { number, bytes, offset } of readLines(file, MAX_LINE_BYTES)) {
    if (odd !== null) warn(`${file}:${odd}: this line cannot be read, and is passed over`)
    const line = bytes === null ? null : lineIn(bytes)
    odd = line === null ? number : null
    if (line === null || bytes === null || line.type === 'note') continue
    const place = { offset, length: bytes.length }
    if (line.type === 'blob') {
      blobs.set(line.id, place)
      continue
    }
    const call = calls.get(line.call) ?? { bodies: [], chunks: [] }
    gather(call, line, place)
    if (line.type !== 'end') calls.set(line.call, call)
    else {
      calls.delete(line.call)
      if (call.head !== undefined) yield rawCall(call, call.head, { file, blobs })
    }
  }
  for (const call of calls.values()) if (call.head !== undefined) yield rawCall(call, call.head, { file, blobs })
}

/** What was read of a call so far. */
interface Gathered {
  head?: Pick<RawCall, 'id' | 'time' | 'route' | 'method' | 'url' | 'headers'>
  answer?: Pick<RawCall, 'status' | 'responseHeaders'>
  end?: Pick<RawCall, 'how' | 'durationMs' | 'problem'>
  encoding?: string
  responseEncoding?: string
  readonly bodies: Place[]
  readonly chunks: Place[]
}

function gather(call: Gathered, line: Exclude<ReadLine, { type: 'blob' | 'note' }>, place: Place): void {
  switch (line.type) {
    case 'request': {
      const { call: id, time, route, method, url, headers } = line
      call.head = { id, time, route, method, url, headers }
      return
    }
    case 'request-body':
      call.bodies.push(place)
      if (line.encoding !== undefined) call.encoding = line.encoding
      return
    case 'response':
      call.answer = { status: line.status, responseHeaders: line.headers }
      return
    case 'chunks':
      call.chunks.push(place)
      if (line.encoding !== undefined) call.responseEncoding = line.encoding
      return
    case 'end':
      call.end = {
        how: line.how,
        durationMs: line.ms,
        ...(line.problem === undefined ? {} : { problem: line.problem }),
      }
  }
}

function rawCall(
  { bodies, chunks, answer, end, encoding, responseEncoding }: Gathered,
  head: NonNullable<Gathered['head']>,
  { file, blobs }: { file: string; blobs: ReadonlyMap<number, Place> },
): RawCall {
  return {
    ...head,
    ...answer,
    ...end,
    ...(encoding === undefined ? {} : { encoding }),
    ...(responseEncoding === undefined ? {} : { responseEncoding }),
    requestBody: (maxBytes = Number.MAX_SAFE_INTEGER) =>
      using(file, async (handle) => {
        const read: Buffer[] = []
        let length = 0
        for (const place of bodies) {
          for (const piece of (await valueAt(handle, place, Body)).body) {
            for await (const bytes of bytesOf(piece, handle, blobs)) {
              length += bytes.length
              if (length > maxBytes) throw new LogFault(`its request is longer than ${maxBytes} bytes`)
              read.push(bytes)
            }
          }
        }
        return Buffer.concat(read)
      }),
    async *response() {
      for (const place of chunks) {
        const come = await using(file, async (handle) => {
          const read: { ms: number; bytes: Buffer }[] = []
          for (const [ms, piece] of (await valueAt(handle, place, Chunks)).chunks) {
            for await (const bytes of bytesOf(piece, handle, blobs)) read.push({ ms, bytes })
          }
          return read
        })
        yield* come
      }
    },
  }
}

async function using<T>(file: string, work: (handle: FileHandle) => Promise<T>): Promise<T> {
  const handle = await open(file)
  try {
    return await work(handle)
  } finally {
    await handle.close()
  }
}

async function* bytesOf(
  piece: z.infer<typeof Piece>,
  handle: FileHandle,
  blobs: ReadonlyMap<number, Place>,
): AsyncGenerator<Buffer> {
  if (typeof piece === 'string') yield Buffer.from(piece)
  else if (!Array.isArray(piece)) yield Buffer.from(piece.base64, 'base64')
  else {
    for (let id = piece[0]; id <= piece[1]; id += 1) {
      const place = blobs.get(id)
      if (place === undefined) throw new LogFault(`blob ${id} of it is not in the log`)
      const { text, base64 } = await valueAt(handle, place, Blob)
      yield text === undefined ? Buffer.from(base64 ?? '', 'base64') : Buffer.from(text)
    }
  }
}

const Blob = z.object({ text: z.string().optional(), base64: z.base64().optional() })

async function valueAt<Schema extends z.ZodType>(
  handle: FileHandle,
  { offset, length }: Place,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const bytes = Buffer.alloc(length)
  await handle.read(bytes, 0, length, offset)
  const value = schema.safeParse(readJson(bytes.toString('utf8'))?.value)
  if (!value.success) throw new LogFault('a line of it in the log is none')
  return value.data
}

function lineIn(bytes: Buffer): ReadLine | null {
  const read = readJson(bytes.toString('utf8'))
  const line = ReadLine.safeParse(read?.value)
  return line.success ? line.data : null
}
