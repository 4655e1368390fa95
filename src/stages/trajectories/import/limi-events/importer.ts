import { failed, type Failure, type Result } from '../../../../nouns/index.js'
import { readElements, type Element } from '../../text/index.js'
import { invalid, parseBytes } from '../document.js'
import type { ImportItem, ImportSource, SourceHead, TrajectoryImporter } from '../importer.js'
import { Oddities } from '../oddities.js'
import { textIn } from './event.js'
import { TopFields } from '../top-fields.js'
import { LimiSession } from './session.js'

/**
 * The event logs that LIMI's samples were made of: `{id, model, created, events: [{type, data}]}`, one session a file, where each `api_request_full`
 * repeats the history (GAIR-NLP/LIMI, scripts/data_prepare/events2messages.py). Read by event: a log may be of any length.
 */
export const limiEvents: TrajectoryImporter = {
  format: 'limi-events',
  extensions: ['.json'],
  companions: [],
  detect,
  read,
}

function detect({ text }: SourceHead): number {
  if (!text.trimStart().startsWith('{') || !text.includes('"events"')) return 0
  return /"type"\s*:\s*"api_request_full"/.test(text) || /"full_request"\s*:\s*\{/.test(text) ? 0.95 : 0
}

async function* read(source: ImportSource): AsyncGenerator<ImportItem> {
  const log = new LogReader(source)
  for await (const element of readElements(source.path, { maxElementBytes: source.maxDocumentBytes })) {
    const items = element.ok ? log.take(element.value) : log.reject(element.failure)
    yield* items
    if (log.stopped) return
  }
  yield* log.finish()
}

/** Gathers the fields of one log, and makes its events those of a trajectory. */
class LogReader {
  stopped = false
  readonly #path: string
  readonly #oddities = new Oddities()
  /** The log's own fields: those before its events are in the header, the others come as an amendment. */
  readonly #fields = new TopFields()
  readonly #later = new TopFields()
  readonly #maxBytes: number
  #bytes = 0
  #session: LimiSession | null = null

  constructor({ path, maxDocumentBytes }: ImportSource) {
    this.#path = path
    this.#maxBytes = maxDocumentBytes
  }

  *take({ path, bytes, line, column }: Element): Generator<ImportItem> {
    const where = `${this.#path}:${line}:${column}`
    if (path[0] === 'events' && typeof path[1] === 'number') {
      if (this.#session === null) yield this.#begin()
      const events = this.#session?.take(bytes, path[1], `${where}, event ${path[1]}`)
      if (events === undefined || !events.ok) yield* this.reject(events?.failure ?? invalid(where, 'no session'))
      else for (const event of events.value) yield { kind: 'event', event }
      return
    }
    this.#bytes += bytes.length
    const value: Result<unknown> =
      this.#bytes > this.#maxBytes ? failed(this.#tooMuch()) : parseBytes(bytes, this.#path, line, column)
    if (value.ok) (this.#session === null ? this.#fields : this.#later).add(path, value.value)
    else yield* this.reject(value.failure)
  }

  /** A session with a gap is none: nothing of it is kept. */
  *reject(failure: Failure): Generator<ImportItem> {
    this.stopped = true
    yield { kind: 'rejected', failure }
  }

  *finish(): Generator<ImportItem> {
    const session = this.#session
    if (session === null || session.requests === 0) {
      yield* this.reject(invalid(this.#path, 'events: the log holds no request to a model'))
      return
    }
    const { events, left } = session.finish()
    for (const event of events) yield { kind: 'event', event }
    yield { kind: 'event', event: { type: 'outcome', outcome: { status: 'unknown', by: 'source' } } }
    const leftover = {
      ...this.#fields.whole(),
      ...this.#later.whole(),
      ...(left.length === 0 ? {} : { eventsAfter: left }),
    }
    const created = createdIn(this.#later)
    const model = textIn(this.#later.get('model')) ?? textIn(this.#fields.get('model')) ?? session.model
    yield {
      kind: 'end',
      amendment: {
        ...(created === undefined ? {} : { created }),
        ...(model === undefined ? {} : { model }),
        extra: { limiEvents: leftover },
      },
    }
  }

  /** All fields but the events are held until the end. */
  #tooMuch(): Failure {
    const wrong = invalid(this.#path, `what is not an event has more than ${this.#maxBytes} bytes`)
    return { ...wrong, code: 'import.too-large' }
  }

  #begin(): ImportItem {
    const model = textIn(this.#fields.get('model'))
    this.#session = new LimiSession(model, this.#oddities)
    const created = createdIn(this.#fields)
    return {
      kind: 'begin',
      index: 0,
      oddities: this.#oddities,
      header: {
        ...(created === undefined ? {} : { created }),
        source: { agent: 'unknown', model: model ?? 'unknown' },
        tags: {},
      },
    }
  }
}

const createdIn = (fields: TopFields): string | undefined => textIn(fields.get('created'))
