import { supervise, type Ended, type SuperviseOptions } from '../../../shared/python/index.js'
import type { TrainingOptions } from '../engine.js'
import { STALL_MS, Watchdog } from './watchdog.js'

export interface EngineStart extends SuperviseOptions {
  /** How long it may say nothing, at the least; see {@link Watchdog}. */
  readonly stallMs?: number | undefined
  /** How long a stop may take before it is killed. */
  readonly patienceMs: number
}

export interface EngineEnd {
  readonly ended: Ended
  readonly wasAborted: boolean
  /** How long it had said nothing when it was ended for that; null where it was not. */
  readonly stalledMs: number | null
}

/** A trainer at work: who follows it says what was heard of it. */
export interface EngineProcess {
  heard(what: 'step' | 'sign'): void
  kill(): void
  readonly end: Promise<EngineEnd>
}

/** Starts a trainer. It is killed where it says nothing for too long; on abort it is asked to stop, and killed after a while. */
export function startEngine(start: EngineStart, { onEvent, signal }: TrainingOptions): EngineProcess {
  let stalledMs: number | null = null
  const watchdog = new Watchdog(start.stallMs ?? STALL_MS, (silentMs) => {
    stalledMs = silentMs
    const text = `nothing was heard of training for ${String(Math.round(silentMs / 1000))} s, so it is ended`
    onEvent({ type: 'warning', code: 'stalled', text })
    child.send('SIGKILL')
  })
  const child = supervise(start)
  const stop = stopOnce(signal, (name) => child.send(name), start.patienceMs)
  const finish = (ended: Ended): EngineEnd => {
    stop.cancel()
    watchdog.end()
    return { ended, wasAborted: signal?.aborted === true, stalledMs }
  }
  return {
    heard: (what) => (what === 'step' ? watchdog.stepDone() : watchdog.heard()),
    kill: () => child.send('SIGKILL'),
    end: child.ended.then(finish),
  }
}

/** On abort: asks once, then forces after a while, so that a hung save cannot hold the terminal. */
function stopOnce(signal: AbortSignal | undefined, send: (signal: NodeJS.Signals) => void, patienceMs: number) {
  let timer: NodeJS.Timeout | undefined
  const abort = (): void => {
    send('SIGINT')
    timer = setTimeout(() => send('SIGKILL'), patienceMs)
  }
  if (signal?.aborted === true) abort()
  else signal?.addEventListener('abort', abort, { once: true })
  return {
    cancel: (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    },
  }
}
