import {
  done,
  failed,
  FailureError,
  unwrap,
  type Failure,
  type Result,
  type TrajectoryHeader,
} from '../../../nouns/index.js'
import { digestOfFile } from '../../../shared/project/index.js'
import type { Placed, TrajectoryReplacement, TrajectoryStore } from '../store/index.js'
import type { ImportEvent, ImportItem, TrajectoryImporter } from './importer.js'
import { Inspector, type Inspection } from './inspect/index.js'
import type { Oddities, OddityCounts } from './oddities.js'

export interface ImportedTrajectory extends Omit<Inspection, 'usage'> {
  readonly id: string
  /** The file it came from, as given. */
  readonly source: string
  readonly format: string
  readonly oddities: OddityCounts
  /** True where an equal trajectory lay there already and nothing was written. */
  readonly kept: boolean
  readonly placed: Placed
  /** False where the source ends before the session did. */
  readonly complete: boolean
}

export interface ImportSettings {
  readonly format: string
  readonly store: Pick<TrajectoryStore, 'replace' | 'supersede'>
  readonly licence?: string
  readonly maxDocumentBytes: number
  readonly signal?: AbortSignal
}

/** What stands between the events. */
type Mark = Exclude<ImportItem, { kind: 'event' }>
type Begin = Extract<ImportItem, { kind: 'begin' }>

interface Open {
  readonly id: string
  readonly file: TrajectoryReplacement
  readonly inspector: Inspector
  readonly oddities: Oddities
  /** Whether events are kept as they come. */
  readonly isExact: boolean
}

/** Writes what an importer yields, one trajectory at a time. */
export class Receiver {
  records = 0
  readonly #path: string
  readonly #importer: TrajectoryImporter
  readonly #settings: ImportSettings
  #digest: string | undefined
  #open: Open | null = null
  #index = 0
  /** The record at hand cannot be stored; the rest of it is passed over. */
  #isRefused = false

  constructor(path: string, importer: TrajectoryImporter, settings: ImportSettings) {
    this.#path = path
    this.#importer = importer
    this.#settings = settings
  }

  /** A result where the item completes a trajectory or rejects one. A store that cannot be written is thrown. */
  async take(item: Mark): Promise<Result<ImportedTrajectory> | null> {
    try {
      return await this.#take(item)
    } catch (error) {
      return this.#refused(error, item.kind !== 'end')
    }
  }

  /** The same for an event, of which there are many: none has to be waited for. */
  takeEvent(event: ImportEvent): Result<ImportedTrajectory> | null {
    try {
      if (!this.#isRefused) this.#append(event)
      return null
    } catch (error) {
      return this.#refused(error, true)
    }
  }

  /** A record that cannot be stored is no fault of the others. @param goesOn whether more of it comes */
  #refused(error: unknown, goesOn: boolean): Result<ImportedTrajectory> {
    if (!(error instanceof FailureError) || error.failure.kind !== 'input') throw error
    this.abandon()
    this.#isRefused = goesOn
    const where = `${this.#path}, record ${this.#index + 1}`
    const code = error.failure.code === 'trajectory.unfit' ? 'import.unfit' : error.failure.code
    return failed({ ...error.failure, code, where })
  }

  async #take(item: Mark): Promise<Result<ImportedTrajectory> | null> {
    switch (item.kind) {
      case 'begin':
        this.records += 1
        this.#isRefused = false
        await this.#begin(item)
        return null
      case 'end':
        return this.#isRefused ? null : done(await this.#end(item))
      case 'rejected':
        if (this.#open === null) this.records += 1
        this.abandon()
        // A source that cannot be read is no fault of the others.
        return failed({ ...item.failure, kind: 'input' })
    }
  }

  #append(event: ImportEvent): void {
    const { file, inspector, isExact } = this.#current()
    const inspected = inspector.take(event)
    unwrapStore(file.append(isExact ? event : inspected))
  }

  abandon(): void {
    this.#open?.file.abandon()
    this.#open = null
  }

  async #begin(item: Begin): Promise<void> {
    // A file of which nothing can be read is not read a second time.
    this.#digest ??= await digestOfFile(this.#path)
    this.#index = item.index
    const { oddities, recorded } = item
    const again = recorded?.id === undefined ? null : await this.#openAgain(item, recorded.id)
    this.#open = {
      ...(again ?? (await this.#openNew(item))),
      inspector: new Inspector(oddities),
      oddities,
      isExact: recorded !== undefined,
    }
  }

  /** In the place that the recording gave it; null where that is another's. */
  async #openAgain(item: Begin, id: string): Promise<Pick<Open, 'id' | 'file'> | null> {
    const opened = await this.#settings.store.supersede(this.#header(item, id))
    if (!opened.ok && OCCUPIED.has(opened.failure.code)) return null
    return { id, file: unwrapStore(opened) }
  }

  /** The id depends on the source's bytes and the record's place alone, so that a second import finds the first. */
  async #openNew(item: Begin): Promise<Pick<Open, 'id' | 'file'>> {
    const id = `${this.#importer.format}-${this.#digest?.slice(0, 16) ?? ''}-${item.index}`
    return { id, file: unwrapStore(await this.#settings.store.replace(this.#header(item, id))) }
  }

  #header({ header, besides, recorded }: Begin, id: string): TrajectoryHeader {
    return {
      ...header,
      type: 'header',
      format: 'limi.trajectory/1',
      id,
      source: {
        ...header.source,
        kind: recorded === undefined ? 'imported' : 'recorded',
        files: [{ path: this.#path, digest: this.#digest ?? '' }, ...(besides ?? [])],
        importFormat: this.#importer.format,
      },
      tags: header.tags ?? {},
      ...(this.#settings.licence === undefined ? {} : { licence: this.#settings.licence }),
    }
  }

  async #end({ amendment, usage, isCut = false }: Extract<ImportItem, { kind: 'end' }>): Promise<ImportedTrajectory> {
    const { id, file, inspector, oddities } = this.#current()
    const { usage: counted, ...inspection } = inspector.finish()
    if (inspection.messages === 0) throw new FailureError(noMessage)
    const counts = oddities.counts()
    const extra = {
      ...amendment?.extra,
      missing: inspection.missing,
      ...(Object.keys(counts).length === 0 ? {} : { oddities: counts }),
    }
    unwrapStore(file.append({ type: 'amend', amendment: { ...amendment, extra } }))
    if (!isCut) unwrapStore(file.append({ type: 'end', usage: usage ?? counted }))
    const placed = unwrapStore(await file.commit())
    this.#open = null
    const { format } = this.#importer
    const outcome = { kept: placed === 'kept', placed, complete: !isCut }
    return { id, source: this.#path, format, ...inspection, oddities: counts, ...outcome }
  }

  #current(): Open {
    if (this.#open === null) throw new Error(`${this.#importer.format}: an event outside of a trajectory`)
    return this.#open
  }
}

/** A place that a recording cannot have: another's, or none. */
const OCCUPIED = new Set(['trajectory.another', 'id.invalid'])

/** A store that cannot be written stops the import: it is no fault of this file. */
const unwrapStore = <T>(result: Result<T>): T =>
  unwrap(
    result.ok || result.failure.code === 'trajectory.unfit' ? result : failed({ ...result.failure, kind: 'underway' }),
  )

const noMessage: Failure = {
  kind: 'input',
  code: 'import.no-message',
  message: 'there is no message in it',
  remedy: 'leave it out',
}
