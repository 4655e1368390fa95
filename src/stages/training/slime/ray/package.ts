import { createHash } from 'node:crypto'
import { crc32, deflateRawSync } from 'node:zlib'

export interface PackedFile {
  readonly name: string
  readonly content: Buffer
}

/** A zip archive (PKWARE's APPNOTE 6.3, deflated), the same bytes for the same files, named by their digest as Ray names packages. */
export function packFiles(files: readonly PackedFile[]): { readonly name: string; readonly bytes: Buffer } {
  const locals: Buffer[] = []
  const centrals: Buffer[] = []
  let offset = 0
  for (const { name, content } of files) {
    const packed = deflateRawSync(content)
    const fields = entryFields(name, content, packed)
    const local = Buffer.concat([uint32(0x04034b50), fields, Buffer.from(name), packed])
    centrals.push(central(name, fields, offset))
    locals.push(local)
    offset += local.length
  }
  const directory = Buffer.concat(centrals)
  const count = uint16(files.length)
  const end = Buffer.concat([
    uint32(0x06054b50),
    Buffer.alloc(4),
    count,
    count,
    uint32(directory.length),
    uint32(offset),
    uint16(0),
  ])
  const bytes = Buffer.concat([...locals, directory, end])
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 32)
  return { name: `_ray_pkg_limi${digest}.zip`, bytes }
}

/** 1 January 1980, the earliest that the format can hold. */
const DATE = 0x21
/** Names are UTF-8. */
const FLAGS = 0x800

/** What local and central headers share, from the version needed to the length of extra fields. */
const entryFields = (name: string, content: Buffer, packed: Buffer): Buffer =>
  Buffer.concat([
    uint16(20),
    uint16(FLAGS),
    uint16(8),
    uint16(0),
    uint16(DATE),
    uint32(crc32(content)),
    uint32(packed.length),
    uint32(content.length),
    uint16(Buffer.byteLength(name)),
    uint16(0),
  ])

/** Made on Unix, a plain file of mode 644. */
const central = (name: string, fields: Buffer, offset: number): Buffer =>
  Buffer.concat([
    uint32(0x02014b50),
    uint16(0x0314),
    fields,
    Buffer.alloc(6),
    uint32((0o100644 << 16) >>> 0),
    uint32(offset),
    Buffer.from(name),
  ])

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16LE(value)
  return bytes
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value >>> 0)
  return bytes
}
