import type { Failure, Result } from '../../../../nouns/index.js'
import { invalid, validate } from '../document.js'
import type { ImportEvent, ImportItem, ImportSource, SourceHead, TrajectoryImporter } from '../importer.js'
import { readJsonLineGroups, type JsonLine } from '../json-lines.js'
import { Oddities } from '../oddities.js'
import { omit } from '../omit.js'
import { entryFrom, Header } from './entries.js'
import { PiSession } from './session.js'

/**
 * Sessions of the pi coding agent, JSONL: version 1 (a line of entries) and 2 and 3 (a tree). The format is defined in badlogic/pi-mono,
 * packages/coding-agent/src/core/session-manager.ts and docs/session-format.md; what the model is shown in core/messages.ts beside it.
 */
export const pi: TrajectoryImporter = {
  format: 'pi',
  extensions: ['.jsonl'],
  companions: [],
  detect,
  read,
}

const MAX_TOLD = 20

function detect({ text }: SourceHead): number {
  const end = text.indexOf('\n')
  const line = end === -1 ? text : text.slice(0, end)
  if (!/"type"\s*:\s*"session"/.test(line)) return 0
  try {
    const header = Header.safeParse(JSON.parse(line))
    const { id, cwd, version, modelId } = header.data ?? {}
    const named = typeof id === 'string' ? [cwd, version, modelId] : [modelId]
    return named.some((field) => field !== undefined && field !== null) ? 0.95 : 0
  } catch {
    return 0
  }
}

async function* read({ path }: ImportSource): AsyncGenerator<readonly ImportItem[]> {
  const reader = new Reader(path)
  for await (const lines of readJsonLineGroups(path)) {
    const items: ImportItem[] = []
    for (const line of lines) items.push(...reader.take(line))
    yield items
    if (reader.stopped) return
  }
  yield reader.finish()
}

/** Lines that cannot be read are left out, as pi does, and told of after the session. */
class Reader {
  stopped = false
  readonly #path: string
  readonly #oddities = new Oddities()
  readonly #unread: Failure[] = []
  #count = 0
  #session: PiSession | undefined

  constructor(path: string) {
    this.#path = path
  }

  take({ value, bytes, offset, where }: JsonLine): readonly ImportItem[] {
    if (this.stopped) return []
    if (this.#session === undefined) return [this.#begin(value, where)]
    const entry = value.ok ? entryFrom(value.value, where) : value
    if (entry.ok) return itemsOf(this.#session.take(entry.value, { offset, length: bytes.length }))
    // pi numbers the lines that are JSON.
    if (value.ok) this.#session.skip()
    this.#oddities.count('unreadable-line')
    this.#count += 1
    if (this.#unread.length < MAX_TOLD) this.#unread.push(entry.failure)
    return []
  }

  finish(): readonly ImportItem[] {
    const session = this.#session
    if (session === undefined) return []
    const unread = session.isEmpty
      ? [...this.#unread, invalid(this.#path, 'the session holds no message')]
      : this.#unread
    const more = this.#count > MAX_TOLD ? [invalid(this.#path, `${this.#count - MAX_TOLD} more lines`)] : []
    return [...(session.isEmpty ? [] : endOf(session)), ...[...unread, ...more].map(rejected)]
  }

  #begin(value: Result<unknown>, where: string): ImportItem {
    const header = value.ok ? validate(value.value, Header, where) : value
    if (header.ok) {
      this.#session = new PiSession(this.#path, header.value.version ?? 1, this.#oddities)
      return beginOf(header.value, this.#oddities)
    }
    this.stopped = true
    return rejected(header.failure)
  }
}

const rejected = (failure: Failure): ImportItem => ({ kind: 'rejected', failure })
const itemsOf = (events: readonly ImportEvent[]): ImportItem[] => events.map((event) => ({ kind: 'event', event }))

function beginOf(header: Header, oddities: Oddities): ImportItem {
  const { timestamp, cwd, modelId } = header
  return {
    kind: 'begin',
    index: 0,
    header: {
      ...(typeof timestamp === 'string' ? { created: timestamp } : {}),
      source: { agent: 'pi', model: modelId ?? 'unknown' },
      ...(typeof cwd === 'string' ? { workspace: { cwd } } : {}),
      extra: { pi: omit(header, 'type') },
    },
    oddities,
  }
}

function endOf(session: PiSession): ImportItem[] {
  const { model, usage } = session.totals
  return [
    ...itemsOf([...session.flush(), { type: 'outcome', outcome: { status: 'unknown', by: 'source' } }]),
    {
      kind: 'end',
      ...(model === undefined ? {} : { amendment: { model } }),
      ...(usage === undefined ? {} : { usage }),
    },
  ]
}
