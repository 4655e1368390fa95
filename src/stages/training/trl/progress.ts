import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import type { SftEvent } from './events.js'
import { parseEvent } from './events.js'

/** `progress.jsonl`: every event of every attempt with the seconds since its attempt began; what `train status` reads. */
export class ProgressLog {
  readonly file: string
  private readonly began = Date.now()

  constructor(file: string) {
    this.file = file
  }

  append(event: SftEvent): void {
    const seconds = (Date.now() - this.began) / 1000
    try {
      appendFileSync(this.file, `${JSON.stringify({ ...event, seconds })}\n`)
    } catch {
      // The engine's own checkpoints hold the loss curve; a full disk fails there, with a remedy.
    }
  }
}

export interface LoggedEvent {
  readonly event: SftEvent
  readonly seconds: number
}

export function readProgress(file: string): readonly LoggedEvent[] {
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const event = parseEvent(line)
      return event === null ? [] : [{ event, seconds: (JSON.parse(line) as { seconds: number }).seconds }]
    })
}

/** Seconds of work over all attempts: each attempt counts until its last event. */
export function secondsOf(events: readonly LoggedEvent[]): number {
  return events.reduce((total, { seconds }, index) => {
    const next = events[index + 1]
    return next === undefined || next.event.event === 'start' ? total + seconds : total
  }, 0)
}

/** Mean seconds from one step to the next within an attempt, saving and measuring left out; 0 where that is not known. */
export function secondsPerStep(events: readonly LoggedEvent[]): number {
  const gaps = events.flatMap(({ event, seconds }, index) => {
    const before = events[index - 1]
    return event.event === 'step' && before?.event.event === 'step' ? [seconds - before.seconds] : []
  })
  return gaps.length === 0 ? 0 : gaps.reduce((sum, each) => sum + each, 0) / gaps.length
}
