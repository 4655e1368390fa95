import { existsSync } from 'node:fs'
import path from 'node:path'
import {
  done,
  failed,
  FailureError,
  type Failure,
  type Result,
  type TrajectoryEvent,
  type TrajectoryHeader,
} from '../../../nouns/index.js'
import { diskFailure, setAside } from '../../../shared/project/index.js'
import type { StoredTrajectory } from './events.js'
import { openReplacement, type Placed, type TrajectoryReplacement } from './replacement.js'

export interface Predecessor {
  readonly folder: string
  readonly file: string
  /** Null where none lies there that can be read. */
  readonly before: StoredTrajectory | null
}

/** Starts a file that takes the place of an earlier state of the same trajectory, where it holds more. Failure: `trajectory.another`. */
export function openSuccessor(there: Predecessor, header: TrajectoryHeader): Result<TrajectoryReplacement> {
  if (there.before !== null && !areOne(there.before, header)) return failed(another(header.id, there.file))
  const opened = openReplacement(there.file, header)
  return opened.ok ? done(new Successor(there, opened.value)) : opened
}

/** Two files of one trajectory began at the same time, where the source of the new one tells when. */
const areOne = ({ source, created }: StoredTrajectory, header: TrajectoryHeader): boolean =>
  source.kind === header.source.kind && source.agent === header.source.agent && created === (header.created ?? created)

class Successor implements TrajectoryReplacement {
  readonly #there: Predecessor
  readonly #replacement: TrajectoryReplacement
  #messages = 0
  #complete = false

  constructor(there: Predecessor, replacement: TrajectoryReplacement) {
    this.#there = there
    this.#replacement = replacement
  }

  append(event: TrajectoryEvent): Result<void> {
    this.#messages += messagesIn(event)
    this.#complete ||= event.type === 'end'
    return this.#replacement.append(event)
  }

  async commit(): Promise<Result<Placed>> {
    const { folder, file, before } = this.#there
    if (before !== null && !this.#holdsMore(before)) {
      this.#replacement.abandon()
      return done('kept')
    }
    const isThere = existsSync(file)
    try {
      if (isThere) await setAside(folder, [path.basename(file, '.jsonl')], '.jsonl')
    } catch (error) {
      this.#replacement.abandon()
      return failed(error instanceof FailureError ? error.failure : diskFailure(error, file))
    }
    const placed = await this.#replacement.commit()
    return placed.ok && isThere ? done('replaced') : placed
  }

  abandon(): void {
    this.#replacement.abandon()
  }

  #holdsMore({ complete, threads, asides }: StoredTrajectory): boolean {
    if (complete) return false
    const held = [...threads, ...asides].reduce((sum, { messages }) => sum + messages.length, 0)
    return this.#complete || this.#messages > held
  }
}

function messagesIn(event: TrajectoryEvent): number {
  if (event.type === 'aside') return event.aside.messages.length
  return event.type === 'message' ? 1 : 0
}

const another = (id: string, where: string): Failure => ({
  kind: 'input',
  code: 'trajectory.another',
  message: `another trajectory is called ${id}`,
  where,
  remedy: 'rename it, or leave this one out',
})
