import { lstat, realpath } from 'node:fs/promises'
import path from 'node:path'
import type { Result } from '../../../../nouns/index.js'
import { digestOfFile } from '../../../../shared/project/index.js'
import { readDocument, validate } from '../document.js'
import type { SourceFile } from '../importer.js'
import { recordsOf, type RecordSource } from '../records.js'
import { AtifDocument, mediaIn, pathsIn } from './document.js'
import type { AtifFile } from './threads.js'

/** Files that one document may take in; a run of Harbor's writes a few. */
const MAX_FILES = 1000

/** Every document of a file, one after the other. */
export async function* documentsOf(source: RecordSource): AsyncGenerator<Result<AtifDocument>> {
  for await (const { value, where } of recordsOf(source)) {
    yield value.ok ? validate(value.value, AtifDocument, where) : value
  }
}

/** A document with the files that it takes in, itself first. */
export type Family = readonly [FamilyFile, ...FamilyFile[]]

export interface FamilyFile extends AtifFile {
  readonly files: Map<string, FamilyFile>
  readonly path: string
}

/**
 * A document with the files beside it that it names, and those that they name, all in memory at once: `maxBytes` together, each read once.
 * What cannot be read is left out, and its reference stands. Images and sounds are not read; their digests tell what was shown.
 */
export async function familyOf(document: AtifDocument, file: string, maxBytes: number): Promise<Family> {
  const root: FamilyFile = { document, files: new Map(), path: file }
  const family: [FamilyFile, ...FamilyFile[]] = [root]
  const known = new Map<string, FamilyFile | null>([[await realpath(file), root]])
  const places = new Places()
  let left = maxBytes
  for (const next of family) {
    for (const reference of new Set(pathsIn(next.document))) {
      const place = await places.find(next.path, reference)
      if (place === null) continue
      if (!known.has(place.real)) {
        const opened = family.length > MAX_FILES || place.bytes > left ? null : await open(place.path, left)
        known.set(place.real, opened)
        if (opened !== null) {
          left -= place.bytes
          family.push(opened)
        }
      }
      const seen = known.get(place.real)
      if (seen !== null && seen !== undefined) next.files.set(reference, seen)
    }
  }
  return family
}

/** The files of a family but the first, and what they show. */
export async function besidesOf(family: Family): Promise<readonly SourceFile[]> {
  const [, ...parts] = family
  return digestsOf([...parts.map(({ path }) => path), ...(await mediaOf(family))])
}

async function open(file: string, maxBytes: number): Promise<FamilyFile | null> {
  const whole = await readDocument(file, maxBytes)
  const document = whole.ok ? validate(whole.value, AtifDocument, file) : whole
  return document.ok ? { document: document.value, files: new Map(), path: file } : null
}

async function mediaOf(files: Family): Promise<readonly string[]> {
  const found = new Set<string>()
  const places = new Places()
  for (const { document, path } of files) {
    for (const reference of new Set(mediaIn(document))) {
      const place = found.size < MAX_FILES ? await places.find(path, reference) : null
      if (place !== null) found.add(place.path)
    }
  }
  return [...found]
}

async function digestsOf(files: readonly string[]): Promise<readonly SourceFile[]> {
  const all: SourceFile[] = []
  for (const file of files) all.push({ path: file, digest: await digestOfFile(file) })
  return all
}

interface Beside {
  readonly path: string
  readonly real: string
  readonly bytes: number
}

/** Where references lead. Each place is looked at once, since files may all name each other. */
class Places {
  readonly #known = new Map<string, Beside | null>()
  readonly #homes = new Map<string, string>()

  /** The file that a reference names, if it lies in the folder of the file that holds the reference; links do not lead out of it. */
  async find(file: string, reference: string): Promise<Beside | null> {
    const parts = reference.split('/')
    if (reference === '' || /[\\\0]|:\/\//.test(reference) || path.isAbsolute(reference) || parts.includes('..'))
      return null
    const folder = path.dirname(file)
    const key = `${folder}\0${reference}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const found = await this.#look(folder, path.join(folder, reference))
    this.#known.set(key, found)
    return found
  }

  async #look(folder: string, found: string): Promise<Beside | null> {
    try {
      const entry = await lstat(found)
      if (!entry.isFile()) return null
      const home = this.#homes.get(folder) ?? (await realpath(folder))
      this.#homes.set(folder, home)
      const real = await realpath(found)
      const isInside = real.startsWith(home.endsWith(path.sep) ? home : home + path.sep)
      return isInside ? { path: found, real, bytes: entry.size } : null
    } catch {
      return null
    }
  }
}
