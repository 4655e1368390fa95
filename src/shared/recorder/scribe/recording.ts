import { chmodSync } from 'node:fs'
import path from 'node:path'
import { done, failed, FailureError, type Failure, type Result } from '../../../nouns/index.js'
import { habitsNamed, type AgentHabits } from '../../agents/index.js'
import { diskFailure, makeFolder, writeJson } from '../../project/index.js'
import { pairsOf, type RawHeaders } from '../headers.js'
import { LOG_FILE, WireLog } from '../log/index.js'
import type { Recorded, RecordingEnd } from '../recorder.js'
import { redactHeaders, redactUrl, scrubText, Secrets, type HeaderPairs } from '../redact/index.js'
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
  #meta: object
  /** Small files are written one after the other. */
  #last: Promise<Result<void>> = Promise.resolve(done(undefined))
  #end: RecordingEnd | undefined
  #failure: Failure | undefined
  /** Why calls are no trajectory any more, though the log goes on. */
  #unread: Failure | undefined

  private constructor(plan: ScribePlan, warn: (line: string) => void) {
    this.#plan = plan
    this.#warn = warn
    this.#habits = habitsNamed(plan.agent)
    this.#session = new RecordedSession(plan.header, this.#habits)
    this.#secrets.add(plan.secrets)
    const { command, agent, routes, header } = plan
    this.#meta = { agent, command, routes, node: process.version, started: new Date().toISOString(), header }
    chmodSync(plan.folder, 0o700)
    this.#log = new WireLog(plan.folder)
    this.#file = new TrajectoryFile(plan.file, () => this.#text())
  }

  static async open(plan: ScribePlan, warn: (line: string) => void): Promise<Result<Recording>> {
    const made = await makeFolder(plan.folder)
    if (!made.ok) return made
    try {
      const recording = new Recording(plan, warn)
      const told = await recording.#tell('meta.json', recording.#meta)
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
    return this.#failure === undefined ? this.#recorded() : failed(this.#failure)
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
    const recorded = this.#recorded()
    if (!recorded.ok) return recorded
    const written = await this.#file.write()
    if (!written.ok) return written
    const trajectory = path.basename(this.#plan.file)
    const manifest = { ended: new Date().toISOString(), trajectory, ...countsOf(recorded.value), end }
    const told = await this.#tell('manifest.json', manifest)
    return told.ok ? recorded : told
  }

  #recorded(): Result<Recorded> {
    if (this.#unread !== undefined) return failed(this.#unread)
    try {
      return done(this.#session.recorded())
    } catch (error) {
      return failed(this.#giveUpReading(error))
    }
  }

  #tell(name: string, value: object): Promise<Result<void>> {
    const clean: unknown = JSON.parse(scrubText(JSON.stringify(value), this.#secrets))
    this.#last = this.#last.then(() => writeJson(path.join(this.#plan.folder, name), clean))
    return this.#last
  }

  /** A key that the command holds in the open is known as one when it is first seen in a header. */
  #tellAgain(): void {
    const text = JSON.stringify(this.#meta)
    const clean = scrubText(text, this.#secrets)
    if (clean === text) return
    this.#meta = JSON.parse(clean) as object
    void this.#tell('meta.json', this.#meta).then((told) => (told.ok ? undefined : this.#fail(told.failure)))
  }

  #takeOne(note: Note): void {
    if (note.type === 'request') {
      this.#open.set(note.call, this.#begin(note))
      return
    }
    const exchange = this.#open.get(note.call)
    if (exchange === undefined) return
    if (note.type === 'request-bytes') exchange.requestBytes(bufferOf(note.bytes))
    else if (note.type === 'request-end') exchange.requestEnd(note.ms, note.isWhole)
    else if (note.type === 'response-bytes') exchange.responseBytes(note.ms, bufferOf(note.bytes))
    else if (note.type === 'end') this.#over(exchange, note)
    else exchange.response({ ms: note.ms, status: note.status, headers: this.#headersOf(note.headers) })
  }

  #begin({ call, time, route, method, url, path: at, headers: raw }: Extract<Note, { type: 'request' }>): Exchange {
    const address = redactUrl(url)
    const before = this.#secrets.all.length
    this.#secrets.add(address.secrets)
    const headers = this.#headersOf(raw)
    if (this.#secrets.all.length > before) this.#tellAgain()
    return new Exchange(
      {
        ...{ call, time: new Date(time).toISOString(), route, method, path: at, headers },
        url: scrubText(address.kept, this.#secrets),
      },
      { log: this.#log, secrets: this.#secrets, habits: this.#habits, warn: this.#warn },
    )
  }

  /** Without keys, which are cut out of everything from here on. */
  #headersOf(raw: RawHeaders): HeaderPairs {
    const { kept, secrets } = redactHeaders(pairsOf(raw))
    this.#secrets.add(secrets)
    return kept
  }

  #over(exchange: Exchange, { ms, how, problem }: Extract<Note, { type: 'end' }>): void {
    this.#open.delete(exchange.call)
    const call = exchange.end(ms, how, problem)
    if (exchange.otherPath !== undefined) this.#session.addOther(exchange.otherPath)
    if (call === null || this.#unread !== undefined) return
    try {
      this.#session.add(call)
    } catch (error) {
      this.#giveUpReading(error)
    }
    this.#file.changed((result) => (result.ok ? undefined : this.#fail(result.failure)))
  }

  /** Null where there is nothing to write that could be read. */
  #text(): string | null {
    if (this.#unread !== undefined) return null
    try {
      const lines = this.#session.lines(this.#end).map((event) => JSON.stringify(event))
      return scrubText(`${lines.join('\n')}\n`, this.#secrets)
    } catch (error) {
      this.#giveUpReading(error)
      return null
    }
  }

  /** A fault of ours in one call costs the trajectory from there on, never the log. */
  #giveUpReading(error: unknown): Failure {
    if (this.#unread !== undefined) return this.#unread
    const why = error instanceof Error ? error.message : String(error)
    this.#unread = {
      kind: 'underway',
      code: 'recorder.trajectory',
      message: `calls can no longer be put together: ${why}`,
      where: this.#plan.file,
      remedy: `${this.#logFile} has all that went by; report this as a bug`,
    }
    this.#warn(`${this.#unread.message}; the log goes on (${this.#logFile})`)
    return this.#unread
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
