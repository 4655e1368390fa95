import { randomBytes } from 'node:crypto'
import { open, rename, rm, type FileHandle } from 'node:fs/promises'
import { done, failed, type Result } from '../nouns/index.js'
import { diskFailure, makeFolderFor } from '../shared/project/index.js'

/** A file of lines of any length, written beside its place and put there when it is whole. */
export class LinesFile {
  readonly #file: string
  readonly #temporary: string
  readonly #handle: FileHandle

  private constructor(file: string, temporary: string, handle: FileHandle) {
    this.#file = file
    this.#temporary = temporary
    this.#handle = handle
  }

  static async open(file: string): Promise<Result<LinesFile>> {
    const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`
    const made = await makeFolderFor(file)
    if (!made.ok) return made
    try {
      return done(new LinesFile(file, temporary, await open(temporary, 'wx')))
    } catch (error) {
      return failed(diskFailure(error, file))
    }
  }

  append(line: string): Promise<Result<void>> {
    return this.write(`${line}\n`)
  }

  /** Bytes as they are, for files that are not of lines. */
  async write(data: string | Uint8Array): Promise<Result<void>> {
    try {
      await this.#handle.appendFile(data)
      return done(undefined)
    } catch (error) {
      return failed(diskFailure(error, this.#file))
    }
  }

  async commit(): Promise<Result<void>> {
    try {
      await this.#handle.sync()
      await this.#handle.close()
      await rename(this.#temporary, this.#file)
      return done(undefined)
    } catch (error) {
      await this.abandon()
      return failed(diskFailure(error, this.#file))
    }
  }

  async abandon(): Promise<void> {
    await this.#handle.close().catch(() => undefined)
    await rm(this.#temporary, { force: true })
  }
}
