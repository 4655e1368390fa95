/** What stands in an archive that goes into a container. */
export interface Entry {
  /** Relative to where the archive is unpacked; bytes, since names need not be UTF-8. */
  readonly name: Buffer
  readonly kind: 'file' | 'folder' | 'link'
  readonly mode: number
  readonly size: number
  /** When it was last changed, in seconds since 1970; the beginning of 2000 where not given. */
  readonly mtime?: number
  /** Of a link. */
  readonly target?: Buffer
  /** Of a file; exactly `size` bytes are taken. */
  readonly content?: Iterable<Buffer> | AsyncIterable<Buffer>
  /** The archive's where not given. */
  readonly owner?: TarOwner
}

export interface TarOwner {
  readonly uid: number
  readonly gid: number
}

const BLOCK = 512
const NAME_BYTES = 100
const TYPES = { file: '0', link: '2', folder: '5' } as const

/** An archive in GNU's format (GNU tar's manual, "Basic Tar Format"): longer names and targets stand in entries of their own. */
export async function* archiveOf(
  entries: Iterable<Entry> | AsyncIterable<Entry>,
  owner: TarOwner,
): AsyncGenerator<Buffer> {
  for await (const entry of entries) {
    const { name, kind, mode, size, mtime = SOME_TIME, target = EMPTY, content } = entry
    const { uid, gid } = entry.owner ?? owner
    if (name.length > NAME_BYTES) yield* longName('L', name)
    if (target.length > NAME_BYTES) yield* longName('K', target)
    yield header({ name, type: TYPES[kind], mode, size: kind === 'file' ? size : 0, target, mtime, uid, gid })
    if (kind === 'file') yield* exactly(content ?? [], size)
  }
  yield Buffer.alloc(2 * BLOCK)
}

export const fileEntry = (name: string, text: string, mode = 0o644): Entry => {
  const bytes = Buffer.from(text)
  return { name: Buffer.from(name), kind: 'file', mode, size: bytes.length, content: [bytes] }
}

export const folderEntry = (name: string, mode = 0o755): Entry => ({
  name: Buffer.from(name),
  kind: 'folder',
  mode,
  size: 0,
})

const EMPTY = Buffer.alloc(0)
/** Archives of Python and Java know no time before 1980. */
const SOME_TIME = 946_684_800

function* longName(type: 'L' | 'K', name: Buffer): Generator<Buffer> {
  const text = Buffer.concat([name, Buffer.alloc(1)])
  yield header({
    name: Buffer.from('././@LongLink'),
    type,
    mode: 0,
    size: text.length,
    mtime: 0,
    target: EMPTY,
    uid: 0,
    gid: 0,
  })
  yield text
  yield padding(text.length)
}

/** A file that became shorter meanwhile ends in zeros, a longer one is cut: what was said of it before stands. */
async function* exactly(content: Iterable<Buffer> | AsyncIterable<Buffer>, size: number): AsyncGenerator<Buffer> {
  let left = size
  for await (const chunk of content) {
    if (left === 0) break
    const part = chunk.subarray(0, left)
    left -= part.length
    yield part
  }
  if (left > 0) yield Buffer.alloc(left)
  yield padding(size)
}

const padding = (size: number): Buffer => Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK)

interface Header extends TarOwner {
  readonly mtime: number
  readonly name: Buffer
  readonly type: string
  readonly mode: number
  readonly size: number
  readonly target: Buffer
}

function header({ name, type, mode, size, mtime, target, uid, gid }: Header): Buffer {
  const block = Buffer.alloc(BLOCK)
  name.copy(block, 0, 0, NAME_BYTES)
  block.write(octal(mode & 0o7777, 7), 100)
  block.write(octal(uid, 7), 108)
  block.write(octal(gid, 7), 116)
  block.write(octal(size, 11), 124)
  block.write(octal(Math.max(0, mtime), 11), 136)
  block.write(' '.repeat(8), 148)
  block.write(type, 156)
  target.copy(block, 157, 0, NAME_BYTES)
  block.write('ustar  \0', 257)
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${octal(sum, 6)}\0 `, 148)
  return block
}

const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, '0')
