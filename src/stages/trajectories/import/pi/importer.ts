import type { Failure } from '../../../../nouns/index.js'
import { invalid, validate } from '../document.js'
import type { ImportItem, ImportSource, SourceHead, TrajectoryImporter } from '../importer.js'
import { readJsonLines } from '../json-lines.js'
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

/** Lines that cannot be read are left out, as pi does, and told of after the session. */
async function* read(source: ImportSource): AsyncGenerator<ImportItem> {
  const oddities = new Oddities()
  const unread: Failure[] = []
  let count = 0
  let session: PiSession | undefined
  for await (const { value, bytes, where } of readJsonLines(source.path)) {
    if (session === undefined) {
      const header = value.ok ? validate(value.value, Header, where) : value
      if (!header.ok) {
        yield { kind: 'rejected', failure: header.failure }
        return
      }
      session = new PiSession(header.value.version ?? 1, oddities)
      yield beginOf(header.value, oddities)
      continue
    }
    const entry = value.ok ? entryFrom(value.value, where) : value
    if (entry.ok) for (const event of session.take(entry.value, bytes)) yield { kind: 'event', event }
    else {
      // pi numbers the lines that are JSON.
      if (value.ok) session.skip()
      oddities.count('unreadable-line')
      count += 1
      if (unread.length < MAX_TOLD) unread.push(entry.failure)
    }
  }
  if (session === undefined) return
  if (session.isEmpty) unread.push(invalid(source.path, 'the session holds no message'))
  else yield* endOf(session)
  for (const failure of unread) yield { kind: 'rejected', failure }
  if (count > MAX_TOLD) yield { kind: 'rejected', failure: invalid(source.path, `${count - MAX_TOLD} more lines`) }
}

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

function* endOf(session: PiSession): Generator<ImportItem> {
  for (const event of session.flush()) yield { kind: 'event', event }
  yield { kind: 'event', event: { type: 'outcome', outcome: { status: 'unknown', by: 'source' } } }
  const { model, usage } = session.totals
  yield {
    kind: 'end',
    ...(model === undefined ? {} : { amendment: { model } }),
    ...(usage === undefined ? {} : { usage }),
  }
}
