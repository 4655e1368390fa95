import { chmodSync } from 'node:fs'
import path from 'node:path'
import { done, failed, FailureError, type Failure, type Result } from '../../../nouns/index.js'
import { habitsNamed, type AgentHabits } from '../../agents/index.js'
import { diskFailure, makeFolder, writeJson } from '../../project/index.js'
import { LOG_FILE, WireLog } from '../log/index.js'
import type { Recorded, RecordingEnd } from '../recorder.js'
import { scrubText, Secrets } from '../redact/index.js'
import { Exchange } from './exchange.js'
import type { Note, ScribePlan } from './note.js'
import { RecordedSession } from './session.js'
import { TrajectoryFile } from './trajectory-file.js'

/**
 * Everything that a run writes: the log as it comes, the trajectory when a call is over, and at last the manifest. After a failure of the disk nothing
 * more is written; it is told once, and again at the end.
 */
export class Recording {
  readonly #plan: ScribePlan
  readonly #habits: AgentHabits
  readonly #warn: (line: string) => void
  readonly #session: RecordedSession
  readonly #secrets = new Secrets()
  readonly #log: WireLog
  readonly #file: TrajectoryFile
  readonly #open = new Map<string, Exchange>()
  #end: RecordingEnd | undefined
  #failure: Failure | undefined

  private constructor(plan: ScribePlan, warn: (line: string) => void) {
    this.#plan = plan
    this.#warn = warn
    this.#habits = habitsNamed(plan.agent)
    this.#session = new RecordedSession(plan.header, this.#habits)
    this.#secrets.add(plan.secrets)
    chmodSync(plan.folder, 0o700)
    this.#log = new WireLog(plan.folder)
    this.#file = new TrajectoryFile(plan.file, () => this.#text())
  }

  static async open(plan: ScribePlan, warn: (line: string) => void): Promise<Result<Recording>> {
    const made = await makeFolder(plan.folder)
    if (!made.ok) return made
    try {
      const recording = new Recording(plan, warn)
      const { command, agent, routes } = plan
      const meta = { agent, command, routes, node: process.version, started: new Date().toISOString() }
      const told = await writeJson(path.join(plan.folder, 'meta.json'), meta)
      const begun = told.ok ? await recording.#file.write() : told
      return begun.ok ? done(recording) : begun
    } catch (error) {
      return failed(diskFailure(error, plan.folder))
    }
  }

  take(notes: readonly Note[]): void {
    if (this.#failure !== undefined) return
    try {
      for (const note of notes) this.#takeOne(note)
      for (const exchange of this.#open.values()) exchange.flush()
      this.#log.flush()
    } catch (error) {
      this.#fail(error instanceof FailureError ? error.failure : diskFailure(error, this.#logFile))
    }
  }

  async soFar(): Promise<Result<Recorded>> {
    return this.#failure === undefined ? done(this.#session.recorded()) : failed(this.#failure)
  }

  /** Nothing may come after it. */
  async close(end: RecordingEnd): Promise<Result<Recorded>> {
    if (this.#failure !== undefined) return failed(this.#failure)
    this.#end = end
    try {
      this.#log.close()
    } catch (error) {
      return failed(diskFailure(error, this.#logFile))
    }
    const written = await this.#file.write()
    if (!written.ok) return written
    const recorded = this.#session.recorded()
    const manifest = {
      ended: new Date().toISOString(),
      trajectory: path.basename(this.#plan.file),
      ...countsOf(recorded),
    }
    const told = await writeJson(path.join(this.#plan.folder, 'manifest.json'), manifest)
    return told.ok ? done(recorded) : told
  }

  #takeOne(note: Note): void {
    if (note.type === 'request') {
      this.#secrets.add(note.secrets)
      const head = { ...note, url: scrubText(note.url, this.#secrets) }
      const setting = { log: this.#log, secrets: this.#secrets, habits: this.#habits, warn: this.#warn }
      this.#open.set(note.call, new Exchange(head, setting))
      return
    }
    const exchange = this.#open.get(note.call)
    if (exchange === undefined) return
    if (note.type === 'request-bytes') exchange.requestBytes(bufferOf(note.bytes))
    else if (note.type === 'request-end') exchange.requestEnd(note.ms, note.isWhole)
    else if (note.type === 'response-bytes') exchange.responseBytes(note.ms, bufferOf(note.bytes))
    else if (note.type === 'end') this.#over(exchange, note)
    else {
      this.#secrets.add(note.secrets)
      exchange.response(note)
    }
  }

  #over(exchange: Exchange, { ms, how, problem }: Extract<Note, { type: 'end' }>): void {
    this.#open.delete(exchange.call)
    const call = exchange.end(ms, how, problem)
    if (call === null) return
    this.#session.add(call)
    this.#file.changed((result) => (result.ok ? undefined : this.#fail(result.failure)))
  }

  #text(): string {
    const lines = this.#session.lines(this.#end).map((event) => JSON.stringify(event))
    return scrubText(`${lines.join('\n')}\n`, this.#secrets)
  }

  #fail(failure: Failure): void {
    if (this.#failure !== undefined) return
    this.#failure = failure
    this.#warn(
      `nothing more is recorded: ${failure.message}${failure.where === undefined ? '' : ` (${failure.where})`}`,
    )
  }

  get #logFile(): string {
    return path.join(this.#plan.folder, LOG_FILE)
  }
}

const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

const countsOf = ({ calls, threads, messages, toolCalls, asides, whole, oddities }: Recorded) => ({
  ...{ calls, threads, messages, toolCalls, asides, whole, oddities },
})
