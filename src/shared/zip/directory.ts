import { done, failed, type Result } from '../../nouns/index.js'
import { damaged, tooLarge } from './failures.js'

/** What the archive's directory says of one member. */
export interface ZipMember {
  readonly name: string
  /** 0 stored, 8 deflate, 93 zstd. */
  readonly method: number
  readonly isEncrypted: boolean
  readonly crc: number
  /** Bytes in the archive. */
  readonly packed: number
  /** Bytes when unpacked. */
  readonly size: number
  /** Where its local header begins. */
  readonly offset: number
}

/** Reads bytes at a place in the archive, no fewer than asked for. */
export type ReadAt = (at: number, length: number) => Promise<Buffer>

const END = 0x06054b50
const END_64 = 0x06064b50
const LOCATOR_64 = 0x07064b50
const MEMBER = 0x02014b50
const END_BYTES = 22
const LOCATOR_BYTES = 20
const END_64_BYTES = 56
const MEMBER_BYTES = 46
const COMMENT_BYTES = 0xffff
const MAX_DIRECTORY_BYTES = 256 << 20

/**
 * The members of an archive, by APPNOTE 6.3.10 sections 4.3.12 to 4.3.16 with the 64-bit fields; where a name is there twice the last one
 * stands, as for every reader that goes by the directory.
 */
export async function readDirectory(read: ReadAt, bytes: number, where: string): Promise<Result<ZipMember[]>> {
  const found = await findDirectory(read, bytes)
  if (found === null) return failed(damaged(where, 'no directory of a ZIP archive at its end: it is none, or was cut'))
  const { offset, size } = found
  if (size > MAX_DIRECTORY_BYTES) return failed(tooLarge(where, `its directory has ${size} bytes`))
  if (offset + size > bytes) return failed(damaged(where, 'its directory lies outside of the file'))
  return membersIn(await read(offset, size), where)
}

interface Extent {
  readonly offset: number
  readonly size: number
}

async function findDirectory(read: ReadAt, bytes: number): Promise<Extent | null> {
  const length = Math.min(bytes, END_BYTES + COMMENT_BYTES)
  if (length < END_BYTES) return null
  const start = bytes - length
  const tail = await read(start, length)
  for (let at = length - END_BYTES; at >= 0; at -= 1) {
    if (tail.readUInt32LE(at) !== END || tail.readUInt16LE(at + 20) !== length - at - END_BYTES) continue
    return (
      (await findDirectory64(read, start + at)) ?? {
        size: tail.readUInt32LE(at + 12),
        offset: tail.readUInt32LE(at + 16),
      }
    )
  }
  return null
}

async function findDirectory64(read: ReadAt, end: number): Promise<Extent | null> {
  if (end < LOCATOR_BYTES) return null
  const locator = await read(end - LOCATOR_BYTES, LOCATOR_BYTES)
  if (locator.readUInt32LE(0) !== LOCATOR_64) return null
  const at = Number(locator.readBigUInt64LE(8))
  if (at + END_64_BYTES > end) return null
  const record = await read(at, END_64_BYTES)
  if (record.readUInt32LE(0) !== END_64) return null
  return { size: Number(record.readBigUInt64LE(40)), offset: Number(record.readBigUInt64LE(48)) }
}

function membersIn(directory: Buffer, where: string): Result<ZipMember[]> {
  const members = new Map<string, ZipMember>()
  let at = 0
  while (at < directory.length) {
    const next = at + MEMBER_BYTES <= directory.length ? memberAt(directory, at) : null
    if (next === null || next.end > directory.length)
      return failed(damaged(where, `its directory is damaged at member ${members.size + 1}`))
    members.set(next.member.name, next.member)
    at = next.end
  }
  return done([...members.values()])
}

function memberAt(directory: Buffer, at: number): { readonly member: ZipMember; readonly end: number } | null {
  if (directory.readUInt32LE(at) !== MEMBER) return null
  const nameEnd = at + MEMBER_BYTES + directory.readUInt16LE(at + 28)
  const extraEnd = nameEnd + directory.readUInt16LE(at + 30)
  const large = largeFields(directory.subarray(nameEnd, extraEnd))
  const field = (place: number): number | undefined => {
    const value = directory.readUInt32LE(at + place)
    return value === 0xffffffff ? large.shift() : value
  }
  // The order in which the 64-bit fields follow each other.
  const [size, packed, offset] = [field(24), field(20), field(42)]
  if (size === undefined || packed === undefined || offset === undefined) return null
  const member = {
    name: directory.toString('utf8', at + MEMBER_BYTES, nameEnd),
    method: directory.readUInt16LE(at + 10),
    isEncrypted: (directory.readUInt16LE(at + 8) & 1) === 1,
    crc: directory.readUInt32LE(at + 16),
    ...{ packed, size, offset },
  }
  return { member, end: extraEnd + directory.readUInt16LE(at + 32) }
}

const LARGE = 1

/** Numbers of 64 bits in the extra field that holds what 32 bits cannot. */
function largeFields(extra: Buffer): number[] {
  let at = 0
  while (at + 4 <= extra.length) {
    const [kind, length] = [extra.readUInt16LE(at), extra.readUInt16LE(at + 2)]
    const fields = extra.subarray(at + 4, at + 4 + length)
    if (kind === LARGE)
      return Array.from({ length: Math.floor(fields.length / 8) }, (_, n) => Number(fields.readBigUInt64LE(8 * n)))
    at += 4 + length
  }
  return []
}
