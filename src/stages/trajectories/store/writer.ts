import { open, type FileHandle } from 'node:fs/promises'
import { done, failed, FailureError, type Failure, type Result, type TrajectoryHeader } from '../../../nouns/index.js'
import type { TrajectoryWriter } from '../../../shared/agents/index.js'
import { diskFailure, makeFolderFor } from '../../../shared/project/index.js'

/** Starts a trajectory's file with its header. Each append has reached the operating system when it resolves. */
export async function openWriter(file: string, header: TrajectoryHeader): Promise<Result<TrajectoryWriter>> {
  const made = await makeFolderFor(file)
  if (!made.ok) return made
  try {
    const handle = await open(file, 'w')
    const writer = lineWriter(handle, file)
    try {
      await writer.append(header)
    } catch (error) {
      await writer.close()
      throw error
    }
    return done(writer)
  } catch (error) {
    return failed(error instanceof FailureError ? error.failure : diskFailure(error, file))
  }
}

interface LineWriter {
  append(value: object): Promise<void>
  close(): Promise<void>
}

function lineWriter(handle: FileHandle, file: string): LineWriter {
  let last: Promise<void> = Promise.resolve()
  let broken: Failure | undefined
  const write = async (line: string): Promise<void> => {
    // After a torn line nothing may follow it: a reader would take the rest for damage.
    if (broken !== undefined) throw new FailureError(broken)
    try {
      await handle.appendFile(line)
    } catch (error) {
      broken = diskFailure(error, file)
      throw new FailureError(broken, { cause: error })
    }
  }
  const inOrder = (step: () => Promise<void>): Promise<void> => {
    const next = last.then(step)
    last = next.catch(() => undefined)
    return next
  }
  return {
    append: (value) => {
      const line = `${JSON.stringify(value)}\n`
      return inOrder(() => write(line))
    },
    close: () => inOrder(() => handle.close()),
  }
}
