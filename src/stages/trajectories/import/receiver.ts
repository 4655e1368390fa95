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
}

export interface ImportSettings {
  readonly format: string
  readonly store: Pick<TrajectoryStore, 'replace'>
  readonly licence?: string
  readonly maxDocumentBytes: number
  readonly signal?: AbortSignal
}

/** What stands between the events. */
type Mark = Exclude<ImportItem, { kind: 'event' }>

interface Open {
  readonly id: string
  readonly file: TrajectoryReplacement
  readonly inspector: Inspector
  readonly oddities: Oddities
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
    const { file, inspector } = this.#current()
    unwrapStore(file.append(inspector.take(event)))
  }

  abandon(): void {
    this.#open?.file.abandon()
    this.#open = null
  }

  /** The id depends on the source's bytes and the record's place alone, so that a second import finds the first. */
  async #begin({ index, header, oddities, besides }: Extract<ImportItem, { kind: 'begin' }>): Promise<void> {
    // A file of which nothing can be read is not read a second time.
    this.#digest ??= await digestOfFile(this.#path)
    this.#index = index
    const { format } = this.#importer
    const id = `${format}-${this.#digest.slice(0, 16)}-${index}`
    const whole: TrajectoryHeader = {
      ...header,
      type: 'header',
      format: 'limi.trajectory/1',
      id,
      source: {
        ...header.source,
        kind: 'imported',
        files: [{ path: this.#path, digest: this.#digest }, ...(besides ?? [])],
        importFormat: format,
      },
      tags: header.tags ?? {},
      ...(this.#settings.licence === undefined ? {} : { licence: this.#settings.licence }),
    }
    const file = unwrapStore(await this.#settings.store.replace(whole))
    this.#open = { id, file, inspector: new Inspector(oddities), oddities }
  }

  async #end({ amendment, usage }: Extract<ImportItem, { kind: 'end' }>): Promise<ImportedTrajectory> {
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
    unwrapStore(file.append({ type: 'end', usage: usage ?? counted }))
    const placed = unwrapStore(await file.commit())
    this.#open = null
    const { format } = this.#importer
    return { id, source: this.#path, format, ...inspection, oddities: counts, kept: placed === 'kept', placed }
  }

  #current(): Open {
    if (this.#open === null) throw new Error(`${this.#importer.format}: an event outside of a trajectory`)
    return this.#open
  }
}

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
