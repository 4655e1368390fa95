import { createHash, randomBytes } from 'node:crypto'
import { open, rename, rm, type FileHandle } from 'node:fs/promises'
import { done, failed, type Result, type Sample } from '../../nouns/index.js'
import { diskFailure, makeFolderFor } from '../../shared/project/index.js'
import { numberText } from './number-text.js'

/** Writes `samples.jsonl` as samples come, beside its place; it takes its place only when all are there. */
export interface SampleWriter {
  write(sample: Sample): Promise<Result<void>>
  /** Puts the file in its place; the SHA-256 of its bytes. */
  finish(): Promise<Result<string>>
  /** Leaves nothing behind. */
  discard(): Promise<void>
}

export async function openSampleWriter(file: string): Promise<Result<SampleWriter>> {
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`
  const made = await makeFolderFor(file)
  if (!made.ok) return made
  try {
    return done(writerOn(await open(temporary, 'w'), temporary, file))
  } catch (error) {
    return failed(diskFailure(error, file))
  }
}

function writerOn(handle: FileHandle, temporary: string, file: string): SampleWriter {
  const hash = createHash('sha256')
  const attempt = async <T>(work: () => Promise<T>): Promise<Result<T>> => {
    try {
      return done(await work())
    } catch (error) {
      return failed(diskFailure(error, file))
    }
  }
  return {
    write: (sample) =>
      attempt(async () => {
        const line = Buffer.from(lineOf(sample))
        hash.update(line)
        await handle.appendFile(line)
      }),
    finish: () =>
      attempt(async () => {
        await handle.sync()
        await handle.close()
        await rename(temporary, file)
        return hash.digest('hex')
      }),
    discard: async () => {
      await handle.close().catch(() => undefined)
      await rm(temporary, { force: true }).catch(() => undefined)
    },
  }
}

/** Keys in one order, so that equal samples are equal bytes. */
const lineOf = ({ id, trajectory, input_ids, labels }: Sample): string =>
  `{"id":${JSON.stringify(id)},"trajectory":${JSON.stringify(trajectory)},"input_ids":${numberText(input_ids)},"labels":${numberText(labels)}}\n`
