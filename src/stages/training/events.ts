import { appendFileSync, closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { done, Failure, failed, type Result } from '../../nouns/index.js'
import { diskFailure } from '../../shared/project/index.js'
import type { TrainingEvent } from './engine.js'

export const eventsFile = (folder: string): string => path.join(folder, 'events.jsonl')

/** What limi itself writes around the engine's events. */
const Around = [
  /** A process begins, or goes on with, the run. */
  z.object({ type: z.literal('attempt'), engine: z.string(), pid: z.number().int(), host: z.string() }),
  z.object({
    type: z.literal('ended'),
    state: z.enum(['finished', 'interrupted', 'failed']),
    failure: Failure.optional(),
  }),
] as const

/** A number that JSON cannot hold, a loss that is not one for example, comes back as null. */
const figure = z.number().nullable()

const Logged = z.discriminatedUnion('type', [
  ...Around,
  z.object({ type: z.literal('note'), text: z.string() }),
  z.object({ type: z.literal('started'), steps: z.number(), from: z.number() }),
  z.object({
    type: z.literal('step'),
    step: z.number(),
    steps: z.number(),
    loss: figure,
    learningRate: figure.optional(),
    tokens: figure,
    secondsLeft: figure,
    memoryBytes: figure.optional(),
    at: figure.optional(),
  }),
  z.object({ type: z.literal('held-out'), step: z.number(), epoch: figure, loss: figure }),
  z.object({ type: z.literal('warning'), code: z.string(), text: z.string() }),
  z.object({ type: z.literal('saved'), step: z.number() }),
])

/** A line of `events.jsonl`: what happened, and when (ISO 8601). */
export const RunEvent = z.intersection(Logged, z.object({ time: z.iso.datetime() }))
export type RunEvent = z.infer<typeof RunEvent>

type Appended = TrainingEvent | z.infer<(typeof Around)[number]>

/**
 * `training/<run>/events.jsonl`: every event of every attempt, a whole line each, only ever appended to; what `limi train status` reads while
 * another process writes. What cannot be written, on a full disk, is told to `onLost` once and counted in the next line that can.
 */
export class EventLog {
  readonly #file: string
  readonly #onLost: (failure: Failure) => void
  #lost = 0
  #torn: boolean

  constructor(file: string, onLost: (failure: Failure) => void) {
    this.#file = file
    this.#onLost = onLost
    this.#torn = endsWithinLine(file)
  }

  append(event: Appended): void {
    const missed = this.#lost === 0 ? [] : [lostNote(this.#lost)]
    const lines = [...missed, event].map((one) => `${JSON.stringify({ time: new Date().toISOString(), ...one })}\n`)
    try {
      appendFileSync(this.#file, (this.#torn ? '\n' : '') + lines.join(''))
      this.#torn = false
      this.#lost = 0
    } catch (error) {
      if (this.#lost === 0) this.#onLost(diskFailure(error, this.#file))
      this.#lost += 1
      this.#torn = endsWithinLine(this.#file)
    }
  }
}

const lostNote = (count: number): TrainingEvent => ({
  type: 'warning',
  code: 'progress.lost',
  text: `${count} lines of progress could not be written before this one`,
})

/** Whether the last line was cut, by a crash or a full disk. */
function endsWithinLine(file: string): boolean {
  try {
    const handle = openSync(file, 'r')
    try {
      const { size } = fstatSync(handle)
      const last = Buffer.alloc(1)
      return size > 0 && readSync(handle, last, 0, 1, size - 1) === 1 && last.toString() !== '\n'
    } finally {
      closeSync(handle)
    }
  } catch {
    return false
  }
}

export interface ReadEvents {
  readonly events: readonly RunEvent[]
  /** Lines that are none: cut, or written by something else. */
  readonly unread: number
}

/** All events of a run; none where it has no log yet. */
export async function readEvents(folder: string): Promise<Result<ReadEvents>> {
  const file = eventsFile(folder)
  try {
    const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '')
    const events = lines.flatMap((line) => eventIn(line) ?? [])
    return done({ events, unread: lines.length - events.length })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return done({ events: [], unread: 0 })
    return failed(diskFailure(error, file))
  }
}

function eventIn(line: string): RunEvent | null {
  try {
    return RunEvent.safeParse(JSON.parse(line)).data ?? null
  } catch {
    return null
  }
}
