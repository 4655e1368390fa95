import { crc32, deflateRawSync } from 'node:zlib'
import { done, failed, type Result } from '../../nouns/index.js'
import { tooLarge } from './failures.js'

interface Written {
  readonly header: Buffer
  readonly name: Buffer
  readonly offset: number
}

const MAX_MEMBERS = 0xffff
const MAX_BYTES = 0xffffffff
const DEFLATE = 8
/** Names are UTF-8. */
const FLAGS = 0x0800
const VERSION = 20
/** 1 January 1980: the same members make the same bytes. */
const DATE = 0x0021

/**
 * Writes an archive through a function, a member after the other: local headers, deflated content, and the directory last
 * (APPNOTE 6.3.10). Neither 64-bit fields nor more than 65,535 members: more is `archive.too-large`.
 */
export class ZipWriter {
  readonly #write: (bytes: Uint8Array) => Promise<Result<void>>
  readonly #where: string
  readonly #members: Written[] = []
  #offset = 0

  /** @param where names the archive in failures */
  constructor(where: string, write: (bytes: Uint8Array) => Promise<Result<void>>) {
    this.#where = where
    this.#write = write
  }

  async add(member: string, content: string | Uint8Array): Promise<Result<void>> {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content
    const packed = deflateRawSync(bytes)
    const name = Buffer.from(member)
    if (
      this.#members.length >= MAX_MEMBERS ||
      name.length > 0xffff ||
      this.#offset + packed.length > MAX_BYTES - 0xffff
    )
      return failed(tooLarge(this.#where, 'more than an archive of this kind holds'))
    const header = fields(packed.length, bytes.length, crc32(bytes), name.length)
    this.#members.push({ header, name, offset: this.#offset })
    return this.#put(u32(0x04034b50), header, name, packed)
  }

  async finish(): Promise<Result<void>> {
    const start = this.#offset
    for (const { header, name, offset } of this.#members) {
      const rest = Buffer.alloc(14)
      rest.writeUInt32LE(offset, 10)
      const put = await this.#put(u32(0x02014b50), u16(VERSION), header, rest, name)
      if (!put.ok) return put
    }
    const end = Buffer.alloc(18)
    end.writeUInt16LE(this.#members.length, 4)
    end.writeUInt16LE(this.#members.length, 6)
    end.writeUInt32LE(this.#offset - start, 8)
    end.writeUInt32LE(start, 12)
    return this.#put(u32(0x06054b50), end)
  }

  async #put(...parts: Uint8Array[]): Promise<Result<void>> {
    const bytes = Buffer.concat(parts)
    this.#offset += bytes.length
    const written = await this.#write(bytes)
    return written.ok ? done(undefined) : written
  }
}

/** What the local header and the directory say alike. */
function fields(packed: number, size: number, crc: number, nameBytes: number): Buffer {
  const header = Buffer.alloc(26)
  header.writeUInt16LE(VERSION, 0)
  header.writeUInt16LE(FLAGS, 2)
  header.writeUInt16LE(DEFLATE, 4)
  header.writeUInt16LE(DATE, 8)
  header.writeUInt32LE(crc, 10)
  header.writeUInt32LE(packed, 14)
  header.writeUInt32LE(size, 18)
  header.writeUInt16LE(nameBytes, 22)
  return header
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16LE(value)
  return bytes
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
