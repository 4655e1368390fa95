import { done, failed, type Failure, type Result } from '../../../nouns/index.js'
import type { Worker } from 'node:worker_threads'
import type { Recorded, RecordingEnd } from '../recorder.js'
import type { CallTap, Tap, TappedRequest } from '../tap.js'
import type { Demand, FromScribe, Note, ScribePlan, ToScribe } from './note.js'
import { startWorker } from './place.js'

/** Bytes that may wait to be written: what is above holds up the agent, and is never dropped. */
const ROOM_BYTES = 64 << 20
/** What a note takes besides its bytes, roughly. */
const NOTE_BYTES = 256
/** Notes go over together: each crossing takes as long as passing a small call on. */
const TOGETHER_MS = 10
/** Below it, copying is cheaper than handing over. */
const HANDED_OVER = 16 << 10

export interface Scribe extends Tap {
  soFar(): Promise<Result<Recorded>>
  close(end: RecordingEnd): Promise<Result<Recorded>>
  /** Ends it without an end: what is written stays. */
  end(): Promise<void>
}

/** Starts the thread that writes. Failures: those of the disk. */
export async function startScribe(plan: ScribePlan, warn: (line: string) => void): Promise<Result<Scribe>> {
  const scribe = new ThreadScribe(startWorker(plan), warn)
  const begun = await scribe.answer()
  if (begun.ok) return done(scribe)
  await scribe.end()
  return begun
}

class ThreadScribe implements Scribe {
  readonly #worker: Worker
  #calls = 0
  #notes: Note[] = []
  #handed: ArrayBuffer[] = []
  #bytes = 0
  /** Bytes told and not yet written. */
  #waiting = 0
  #posting: NodeJS.Timeout | undefined
  #forRoom: (() => void)[] = []
  #forAnswer: ((result: Result<Recorded>) => void)[] = []
  #failure: Failure | undefined

  constructor(worker: Worker, warn: (line: string) => void) {
    this.#worker = worker
    worker.on('message', (message: FromScribe) => this.#hear(message, warn))
    worker.on('error', (error) => this.#fail(error.message))
    worker.on('exit', () => this.#fail('the thread that writes has ended'))
    // A recorder that nobody closes does not keep the process.
    worker.unref()
  }

  open(request: TappedRequest): CallTap {
    const call = `c${++this.#calls}`
    const began = performance.now()
    const ms = (): number => Math.round((performance.now() - began) * 10) / 10
    const { route, method, url, path, headers } = request
    this.#note({ type: 'request', call, time: Date.now(), route, method, url, path, headers })
    return {
      requestBytes: (bytes) => this.#note({ type: 'request-bytes', call, bytes: this.#copy(bytes) }),
      requestEnd: (isWhole) => this.#note({ type: 'request-end', call, ms: ms(), isWhole }),
      response: (status, raw) => this.#note({ type: 'response', call, ms: ms(), status, headers: raw }),
      responseBytes: (bytes) => this.#note({ type: 'response-bytes', call, ms: ms(), bytes: this.#copy(bytes) }),
      end: (how, problem) => this.#note({ type: 'end', call, ms: ms(), how, problem }),
    }
  }

  hasRoom(): boolean {
    return this.#waiting < ROOM_BYTES
  }

  room(): Promise<void> {
    return this.hasRoom() ? Promise.resolve() : new Promise((resolve) => this.#forRoom.push(resolve))
  }

  soFar(): Promise<Result<Recorded>> {
    return this.#demand({ kind: 'so-far' })
  }

  async close(end: RecordingEnd): Promise<Result<Recorded>> {
    const recorded = await this.#demand({ kind: 'close', end })
    await this.end()
    return recorded
  }

  /** The thread's next answer. */
  answer(): Promise<Result<Recorded>> {
    if (this.#failure !== undefined) return Promise.resolve(failed(this.#failure))
    this.#worker.ref()
    return new Promise<Result<Recorded>>((resolve) => this.#forAnswer.push(resolve)).finally(() => this.#worker.unref())
  }

  async end(): Promise<void> {
    this.#worker.removeAllListeners('exit')
    await this.#worker.terminate()
  }

  #demand(demand: Demand): Promise<Result<Recorded>> {
    this.#post()
    const answer = this.answer()
    this.#send({ type: 'demand', demand }, [])
    return answer
  }

  #copy(bytes: Uint8Array): Uint8Array {
    const copy = new Uint8Array(bytes)
    if (copy.length > HANDED_OVER) this.#handed.push(copy.buffer)
    this.#bytes += copy.length
    this.#waiting += copy.length
    return copy
  }

  #note(note: Note): void {
    if (this.#failure !== undefined) return
    this.#notes.push(note)
    this.#bytes += NOTE_BYTES
    this.#waiting += NOTE_BYTES
    this.#posting ??= setTimeout(() => this.#post(), TOGETHER_MS)
  }

  #post(): void {
    clearTimeout(this.#posting)
    this.#posting = undefined
    if (this.#notes.length === 0) return
    this.#send({ type: 'notes', notes: this.#notes, bytes: this.#bytes }, this.#handed)
    this.#notes = []
    this.#handed = []
    this.#bytes = 0
  }

  #send(message: ToScribe, handed: ArrayBuffer[]): void {
    if (this.#failure === undefined) this.#worker.postMessage(message, handed)
  }

  #hear(message: FromScribe, warn: (line: string) => void): void {
    if (message.type === 'warn') warn(message.line)
    else if (message.type === 'answer') this.#forAnswer.shift()?.(message.result)
    else {
      this.#waiting -= message.bytes
      if (this.hasRoom()) this.#makeRoom()
    }
  }

  #makeRoom(): void {
    const waiting = this.#forRoom
    this.#forRoom = []
    for (const resolve of waiting) resolve()
  }

  /** The agent goes on without its recorder. */
  #fail(message: string): void {
    this.#failure ??= { kind: 'underway', code: 'recorder.ended', message: `nothing more is recorded: ${message}` }
    this.#waiting = 0
    this.#makeRoom()
    for (const resolve of this.#forAnswer.splice(0)) resolve(failed(this.#failure))
  }
}
