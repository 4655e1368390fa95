import { open, type FileHandle } from 'node:fs/promises'
import { crc32, inflateRawSync } from 'node:zlib'
import { done, failed, FailureError, type Result } from '../../nouns/index.js'
import { diskFailure } from '../project/index.js'
import { readDirectory, type ZipMember } from './directory.js'
import { damaged, tooLarge, unsupported } from './failures.js'

/** An open archive. Nothing of it is ever written to a disk by its name. */
export interface Zip {
  readonly members: readonly ZipMember[]
  /** One member, unpacked and checked against its checksum. Failures: `archive.*`, `disk.*`. */
  read(member: ZipMember, maxBytes: number): Promise<Result<Buffer>>
  close(): Promise<void>
}

const LOCAL = 0x04034b50
const LOCAL_BYTES = 30
const STORED = 0
const DEFLATE = 8
const ZSTD = 93

/** Opens an archive. Failures: `archive.invalid`, `archive.too-large`, `disk.*`. */
export async function openZip(file: string): Promise<Result<Zip>> {
  let handle: FileHandle | undefined
  try {
    handle = await open(file)
    const opened = handle
    const { size } = await opened.stat()
    const members = await readDirectory((at, length) => readAt(opened, at, length, file), size, file)
    if (members.ok) return done(zipOf(opened, file, size, members.value))
    await handle.close()
    return members
  } catch (error) {
    await handle?.close().catch(() => undefined)
    return failed(error instanceof FailureError ? error.failure : diskFailure(error, file))
  }
}

function zipOf(handle: FileHandle, file: string, bytes: number, members: readonly ZipMember[]): Zip {
  return {
    members,
    read: async (member, maxBytes) => {
      try {
        return await readMember(handle, { file, bytes }, member, maxBytes)
      } catch (error) {
        return failed(error instanceof FailureError ? error.failure : diskFailure(error, file))
      }
    },
    close: () => handle.close(),
  }
}

async function readMember(
  handle: FileHandle,
  { file, bytes }: { readonly file: string; readonly bytes: number },
  member: ZipMember,
  maxBytes: number,
): Promise<Result<Buffer>> {
  const where = `${file}: ${member.name}`
  const { size, packed, offset } = member
  if (member.isEncrypted) return failed(unsupported(where, 'it is encrypted'))
  if (Math.max(size, packed) > maxBytes)
    return failed(tooLarge(where, `it has ${Math.max(size, packed)} bytes; ${maxBytes} are read at once`))
  if (offset + LOCAL_BYTES > bytes) return failed(damaged(where, 'it begins outside of the archive'))
  const local = await readAt(handle, offset, LOCAL_BYTES, file)
  const start = offset + LOCAL_BYTES + local.readUInt16LE(26) + local.readUInt16LE(28)
  if (local.readUInt32LE(0) !== LOCAL || start + packed > bytes)
    return failed(damaged(where, 'it does not lie where the directory says'))
  const unpacked = await unpack(await readAt(handle, start, packed, file), member)
  if (unpacked === null) return failed(damaged(where, 'it cannot be unpacked'))
  if (unpacked === 'unknown') return failed(unsupported(where, `its packing, method ${member.method}, is not known`))
  if (unpacked.length !== size || crc32(unpacked) !== member.crc)
    return failed(damaged(where, 'it is not what its checksum says'))
  return done(unpacked)
}

/** No more than the directory promised, which was bounded before; of zstd one frame, which is all that Inspect writes up to 200 MiB. */
async function unpack(bytes: Buffer, { method, size }: ZipMember): Promise<Buffer | 'unknown' | null> {
  if (![STORED, DEFLATE, ZSTD].includes(method)) return 'unknown'
  try {
    if (method === STORED) return bytes
    if (method === DEFLATE) return inflateRawSync(bytes, { maxOutputLength: Math.max(size, 1) })
    const { decompressZstd } = await import('hyparquet-compressors')
    return Buffer.from(decompressZstd(bytes, new Uint8Array(size)))
  } catch {
    return null
  }
}

async function readAt(handle: FileHandle, at: number, length: number, file: string): Promise<Buffer> {
  const buffer = Buffer.alloc(length)
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, at + filled)
    if (bytesRead === 0) throw new FailureError(damaged(file, 'the archive ends too early'))
    filled += bytesRead
  }
  return buffer
}
