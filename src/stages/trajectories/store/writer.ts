import { appendFileSync } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { done, failed, FailureError, type Failure, type Result, type TrajectoryHeader } from '../../../nouns/index.js'
import type { TrajectoryWriter } from '../../../shared/agents/index.js'
import { diskFailure, openToWrite } from '../../../shared/project/index.js'

/** Starts a trajectory's file with its header. Each append has reached the operating system when it resolves. */
export async function openWriter(file: string, header: TrajectoryHeader): Promise<Result<TrajectoryWriter>> {
  const opened = await openToWrite(file)
  if (!opened.ok) return opened
  try {
    const writer = lineWriter(opened.value, file)
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
  let broken: Failure | undefined
  return {
    async append(value) {
      // After a torn line nothing may follow it: a reader would take the rest for damage.
      if (broken !== undefined) throw new FailureError(broken)
      try {
        // At once: a line goes to the system's memory, which takes less time than to hand it to another thread.
        appendFileSync(handle.fd, `${JSON.stringify(value)}\n`)
      } catch (error) {
        broken = diskFailure(error, file)
        throw new FailureError(broken, { cause: error })
      }
    },
    close: () => handle.close(),
  }
}
