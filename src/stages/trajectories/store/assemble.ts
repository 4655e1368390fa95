import {
  done,
  failed,
  TrajectoryEvent,
  TrajectoryHeader,
  type Failure,
  type Message,
  type Result,
  type Thread,
} from '../../../nouns/index.js'
import { parseExact, tooDeepAt } from '../text/index.js'
import { amended } from './amend.js'
import { MAX_LINE_BYTES, MAX_LINE_NESTING } from './fit.js'
import { placeOfEvent, type StoredTrajectory, type Unrecognised } from './events.js'

/** One line of a file: its bytes, or null where it is longer than {@link MAX_LINE_BYTES}. */
export type RawLine = Uint8Array | string | null

const HEADER_FIELDS = ['type', ...Object.keys(TrajectoryHeader.shape)]
const EVENT_FIELDS: Readonly<Record<Exclude<TrajectoryEvent['type'], 'thread'>, readonly string[]>> = {
  message: ['type', 'thread', 'message'],
  tools: ['type', 'digest', 'tools'],
  aside: ['type', 'aside'],
  round: ['type', 'record'],
  outcome: ['type', 'outcome'],
  amend: ['type', 'amendment'],
  end: ['type', 'usage'],
}
const EVENT_TYPES = new Set(['thread', ...Object.keys(EVENT_FIELDS)])

interface OpenThread extends Omit<Thread, 'messages'> {
  readonly id: string
  readonly messages: Message[]
}

/**
 * Builds a trajectory from the lines of its file, one at a time.
 * The first line that cannot be read ends it: what came before stands, and `cutAt` names the line.
 */
export class TrajectoryAssembler {
  readonly #where: string
  #line = 0
  #cutAt: number | undefined
  #header: TrajectoryHeader | undefined
  readonly #threads = new Map<string, OpenThread>()
  readonly #tools = new Map<string, StoredTrajectory['tools'][string]>()
  readonly #asides: StoredTrajectory['asides'][number][] = []
  readonly #rounds: StoredTrajectory['rounds'][number][] = []
  #outcome: StoredTrajectory['outcome'] = { status: 'unknown', by: 'nobody' }
  #usage: StoredTrajectory['usage']
  #complete = false
  readonly #seen = new Map<string, number>()
  readonly #unknownEvents: Record<string, unknown>[] = []
  readonly #unknownFields = new Map<string, Record<string, unknown>>()

  /** @param where the file's name, for failures */
  constructor(where: string) {
    this.#where = where
  }

  /** Takes the next line. False: reading stops here. A failure: the file is refused, with its place. */
  add(raw: RawLine): Result<boolean> {
    this.#line += 1
    if (raw === null) return failed(this.#refuse(`longer than ${MAX_LINE_BYTES} bytes`))
    const text = typeof raw === 'string' ? raw : Buffer.from(raw.buffer, raw.byteOffset, raw.length).toString('utf8')
    const deep = tooDeepAt(text, MAX_LINE_NESTING)
    if (deep !== null) return failed(this.#refuse(`nested too deeply from column ${deep + 1} on`))
    const value = parsed(text)
    if (this.#header === undefined) return this.#begin(value)
    if (value !== null && this.#take(value)) return done(true)
    this.#cutAt = this.#line
    return done(false)
  }

  finish(): Result<StoredTrajectory> {
    const header = this.#header
    if (header === undefined) return failed(this.#invalid('the file is empty'))
    const { format, id, created, query, source, tags, workspace, licence, extra } = header
    const unrecognised = this.#unrecognised(header)
    const trajectory = {
      ...{ format, id, created, query, source, tags, workspace, licence, extra },
      threads: [...this.#threads.values()],
      asides: this.#asides,
      tools: Object.fromEntries(this.#tools),
      rounds: this.#rounds,
      outcome: this.#outcome,
      usage: this.#usage,
      complete: this.#complete && this.#cutAt === undefined,
      cutAt: this.#cutAt,
      unrecognised,
    }
    return done(withoutUndefined(trajectory))
  }

  #begin(value: Record<string, unknown> | null): Result<boolean> {
    if (value === null) return failed(this.#invalid('no readable header: the first line is no JSON object, or was cut'))
    const { format } = value
    if (typeof format === 'string' && format !== 'limi.trajectory/1') {
      return failed({
        ...this.#invalid(`its format is ${JSON.stringify(format)}, this limi reads limi.trajectory/1`),
        code: 'trajectory.version',
        remedy: 'read it with the version of limi that wrote it',
      })
    }
    const header = TrajectoryHeader.safeParse(value)
    if (!header.success) {
      const [issue] = header.error.issues
      const field = issue === undefined || issue.path.length === 0 ? 'the first line' : issue.path.join('.')
      return failed(this.#invalid(`no readable header: ${field}: ${issue?.message ?? 'invalid'}`))
    }
    // The value as it came, not zod's copy, which drops fields it does not know.
    this.#header = { ...(value as TrajectoryHeader), tags: (value as Partial<TrajectoryHeader>).tags ?? {} }
    return done(true)
  }

  #take(value: Record<string, unknown>): boolean {
    if (typeof value['type'] !== 'string') return false
    if (!EVENT_TYPES.has(value['type'])) {
      this.#unknownEvents.push(value)
      return true
    }
    if (!TrajectoryEvent.safeParse(value).success) return false
    const event = value as TrajectoryEvent
    const place = placeOfEvent(event, this.#seen)
    if (event.type !== 'thread') {
      const unknown = unknownFields(value, EVENT_FIELDS[event.type])
      if (unknown !== undefined) this.#unknownFields.set(place, unknown)
    }
    return this.#apply(event)
  }

  #apply(event: TrajectoryEvent): boolean {
    switch (event.type) {
      case 'thread':
        return this.#openThread(event)
      case 'message':
        this.#threadOf(event.thread).messages.push(withDefaults(event.message))
        return true
      case 'tools':
        this.#tools.set(event.digest, event.tools)
        return true
      case 'aside':
        this.#asides.push({ ...event.aside, messages: event.aside.messages.map(withDefaults) })
        return true
      case 'round':
        this.#rounds.push(event.record)
        return true
      case 'outcome':
        this.#outcome = event.outcome
        return true
      case 'amend':
        if (this.#header !== undefined) this.#header = amended(this.#header, event.amendment)
        return true
      case 'end':
        this.#usage = event.usage
        this.#complete = true
        return true
    }
  }

  #openThread(event: Extract<TrajectoryEvent, { type: 'thread' }>): boolean {
    if (this.#threads.has(event.id)) return false
    this.#threads.set(event.id, { ...(unknownFields(event, ['type']) as { id: string }), messages: [] })
    return true
  }

  /** A message may be the first to name its thread. */
  #threadOf(id: string): OpenThread {
    const known = this.#threads.get(id)
    if (known !== undefined) return known
    const opened = { id, messages: [] }
    this.#threads.set(id, opened)
    return opened
  }

  #unrecognised(header: TrajectoryHeader): Unrecognised | undefined {
    const unknown = {
      header: unknownFields(header, HEADER_FIELDS),
      events: this.#unknownEvents.length === 0 ? undefined : this.#unknownEvents,
      fields: this.#unknownFields.size === 0 ? undefined : Object.fromEntries(this.#unknownFields),
    }
    const any = Object.values(unknown).some((part) => part !== undefined)
    return any ? withoutUndefined(unknown) : undefined
  }

  #refuse = (why: string): Failure => ({ ...this.#invalid(`this line is ${why}`), code: 'trajectory.refused' })

  #invalid = (message: string): Failure => ({
    kind: 'input',
    code: 'trajectory.invalid',
    message,
    where: `${this.#where}:${Math.max(this.#line, 1)}`,
    remedy: 'delete the file, or make the trajectory again',
  })
}

/** Builds a trajectory from all its lines; `where` names the file in failures. */
export function assembleTrajectory(lines: Iterable<RawLine>, where: string): Result<StoredTrajectory> {
  const assembler = new TrajectoryAssembler(where)
  for (const line of lines) {
    const added = assembler.add(line)
    if (!added.ok) return added
    if (!added.value) break
  }
  return assembler.finish()
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    const { value } = parseExact(text)
    return value !== null && typeof value === 'object' && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}

const withDefaults = (message: Message): Message =>
  message.call === undefined || (message.call.params as unknown) !== undefined
    ? message
    : { ...message, call: { ...message.call, params: {} } }

function unknownFields(value: object, known: readonly string[]): Record<string, unknown> | undefined {
  const unknown = Object.entries(value).filter(([key]) => !known.includes(key))
  return unknown.length === 0 ? undefined : Object.fromEntries(unknown)
}

function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T
}
