/** A regular file in a tar archive. */
export interface TarEntry {
  readonly path: string
  readonly content: Uint8Array
}

const BLOCK = 512
const REGULAR = new Set(['', '0', '7'])

/**
 * The regular files of a tar archive (POSIX ustar with pax headers, and GNU's long names). Links, devices and folders are left out; an
 * archive that is cut ends where it is cut.
 */
export function readTar(archive: Uint8Array): readonly TarEntry[] {
  const entries: TarEntry[] = []
  let named: string | null = null
  for (let at = 0; at + BLOCK <= archive.length;) {
    const header = archive.subarray(at, at + BLOCK)
    if (header.every((byte) => byte === 0)) break
    const size = sizeIn(header)
    const content = archive.subarray(at + BLOCK, at + BLOCK + size)
    const type = textAt(header, 156, 1)
    if (type === 'x') named = pathInPax(content) ?? named
    else if (type === 'L') named = textAt(content, 0, content.length)
    else {
      if (REGULAR.has(type) && content.length === size) entries.push({ path: named ?? pathIn(header), content })
      named = null
    }
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK
  }
  return entries
}

function pathIn(header: Uint8Array): string {
  const prefix = textAt(header, 257, 5) === 'ustar' ? textAt(header, 345, 155) : ''
  const name = textAt(header, 0, 100)
  return prefix === '' ? name : `${prefix}/${name}`
}

/** Octal digits; GNU writes large sizes in binary, which no package here has. */
function sizeIn(header: Uint8Array): number {
  const size = Number.parseInt(textAt(header, 124, 12).trim() || '0', 8)
  return Number.isSafeInteger(size) && size >= 0 ? size : 0
}

/** Records of `length key=value` and a line end. */
function pathInPax(content: Uint8Array): string | null {
  for (const line of new TextDecoder().decode(content).split('\n')) {
    const record = /^\d+ path=(.*)$/.exec(line)
    if (record?.[1] !== undefined) return record[1]
  }
  return null
}

function textAt(bytes: Uint8Array, start: number, length: number): string {
  const field = bytes.subarray(start, start + length)
  const end = field.indexOf(0)
  return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end))
}
