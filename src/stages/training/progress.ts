import type { Failure, LossPoint } from '../../nouns/index.js'
import { readEvents, type RunEvent } from './events.js'
import { tokensPerSecond, type TimedStep } from './speed.js'

type OfType<Type extends RunEvent['type']> = Extract<RunEvent, { readonly type: Type }>
export type StepEvent = OfType<'step'>

/** What the events of a run add up to. */
export interface Progress {
  /** The process that works, or worked last, on the run. */
  readonly attempt: OfType<'attempt'> | null
  readonly attempts: number
  /** How the last attempt ended; null while it goes on, or where its process was killed. */
  readonly ended: { readonly state: 'finished' | 'interrupted' | 'failed'; readonly failure?: Failure } | null
  /** Optimiser steps of the whole run; null before the engine said so. */
  readonly steps: number | null
  /** Each step once, as the last attempt that made it measured it, in order. */
  readonly points: readonly StepEvent[]
  readonly heldOut: readonly LossPoint[]
  /** Step that can be gone on from. */
  readonly saved: number
  readonly memoryBytes: number | null
  /** Over the last steps of the last attempt; null before a second has passed. */
  readonly tokensPerSecond: number | null
  readonly warnings: readonly { readonly time: string; readonly code: string; readonly text: string }[]
  /** When the last line was written, ISO 8601; null without one. */
  readonly updated: string | null
}

export function progressOf(events: readonly RunEvent[]): Progress {
  const begins = events.findLastIndex(({ type }) => type === 'attempt')
  const current = events.slice(Math.max(0, begins))
  const ended = all(current, 'ended').at(-1) ?? null
  const steps = all(events, 'step')
  const memory = steps.flatMap(({ memoryBytes }) => memoryBytes ?? [])
  return {
    attempt: all(current, 'attempt')[0] ?? null,
    attempts: all(events, 'attempt').length,
    ended,
    steps: all(events, 'started').at(-1)?.steps ?? steps.at(-1)?.steps ?? null,
    points: lastOfEach(steps),
    heldOut: lastOfEach(all(events, 'held-out')).flatMap(({ step, loss }) => (loss === null ? [] : [{ step, loss }])),
    saved: all(events, 'saved').reduce((last, { step }) => Math.max(last, step), 0),
    memoryBytes: memory.length === 0 ? null : memory.reduce((most, one) => Math.max(most, one)),
    tokensPerSecond: tokensPerSecond(all(current, 'step').map(timed)),
    warnings: all(events, 'warning').map(({ time, code, text }) => ({ time, code, text })),
    updated: events.at(-1)?.time ?? null,
  }
}

const all = <Type extends RunEvent['type']>(events: readonly RunEvent[], type: Type): OfType<Type>[] =>
  events.filter((event): event is OfType<Type> => event.type === type)

const timed = ({ tokens, at, time }: StepEvent): TimedStep => ({ tokens, at, heard: Date.parse(time) / 1000 })

/** A step that was made again after an interruption counts as it came out last. */
function lastOfEach<T extends { readonly step: number }>(events: readonly T[]): readonly T[] {
  const byStep = new Map(events.map((event) => [event.step, event]))
  return [...byStep.values()].sort((a, b) => a.step - b.step)
}

/** Of the engine's process over all attempts, in bytes; null where no event says it. */
export async function peakMemory(folder: string): Promise<number | null> {
  const read = await readEvents(folder)
  return read.ok ? progressOf(read.value.events).memoryBytes : null
}
