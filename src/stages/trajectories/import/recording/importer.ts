import path from 'node:path'
import type { TrajectoryEvent, TrajectoryHeader } from '../../../../nouns/index.js'
import type { RecordingMeta, Reread } from '../../../../shared/recorder/index.js'
import type { ImportEvent, ImportItem, ImportItems, ImportSource, SourceHead, TrajectoryImporter } from '../importer.js'
import { Oddities } from '../oddities.js'
import { folderOf, LOG, partsBeside } from './folder.js'

/**
 * `recordings/<run>/` of `limi record`: the wire log, and what was known of the session when it began and when it ended. What was made of it then is
 * made again; of a recording that died, as far as its log goes.
 */
export const recording: TrajectoryImporter = {
  format: 'recording',
  extensions: ['.jsonl'],
  companions: [
    { path: /(^|\/)rec-\d{8}-\d{6}-[0-9a-f]{4}\/workspace\//, why: 'the workspace of a recorded session' },
    { path: /(^|\/)rec-\d{8}-\d{6}-[0-9a-f]{4}\/lock$/, why: 'the lock of a recording' },
    { path: /(^|\/)recordings\/replaced\//, why: 'a recording that another one took the place of' },
  ],
  detect,
  partsOf: ({ path: log }) => partsBeside(log),
  read,
}

const FIRST_LINE = /^\{"type":"(?:request|blob|note)",/

function detect({ text, path: file }: SourceHead): number {
  if (path.basename(file) === LOG) return FIRST_LINE.test(text) || text.trim() === '' ? 0.95 : 0.5
  return FIRST_LINE.test(text) && text.includes('"route":') && text.includes('"headers":') ? 0.9 : 0
}

async function* read(source: ImportSource): AsyncGenerator<ImportItem | ImportItems> {
  const { path: log, bytes, maxDocumentBytes, signal } = source
  if (bytes === 0) return
  const folder = await folderOf(log, maxDocumentBytes)
  if (!folder.ok) {
    yield { kind: 'rejected', failure: folder.failure }
    return
  }
  const { files, ...told } = folder.value
  const { meta } = told
  // Of the commands that know formats few read a recording, and what reads it knows every dialect.
  const { rereadRecording } = await import('../../../../shared/recorder/index.js')
  const reread = await rereadRecording({ log, ...told, header: meta.header ?? headerFor(meta), signal })
  const recorded = { id: ownId(log, meta) }
  yield { kind: 'begin', index: 0, header: reread.header, oddities: odditiesIn(reread), besides: files, recorded }
  yield reread.events.filter(isKept).map((event) => ({ kind: 'event' as const, event }))
  yield endOf(reread)
}

const RUN = /^rec-\d{8}-\d{6}-[0-9a-f]{4}$/

/** What a recording is called whose `meta.json` does not tell: its folder, where that is named as `limi record` names it. */
function ownId(log: string, { header }: RecordingMeta): string | undefined {
  const folder = path.basename(path.dirname(path.resolve(log)))
  return header?.id ?? (RUN.test(folder) ? folder : undefined)
}

const headerFor = ({ agent }: RecordingMeta): TrajectoryHeader => ({
  type: 'header',
  format: 'limi.trajectory/1',
  id: 'recording',
  source: { kind: 'recorded', agent, model: 'unknown' },
  tags: {},
})

const isKept = (event: TrajectoryEvent): event is ImportEvent => event.type !== 'amend' && event.type !== 'end'

function endOf({ events, notes }: Reread): ImportItem {
  const amendment = events.find((event) => event.type === 'amend')?.amendment
  const end = events.find((event) => event.type === 'end')
  const extra = { ...amendment?.extra, ...(notes.length === 0 ? {} : { recording: { notes } }) }
  return { kind: 'end', amendment: { ...amendment, extra }, usage: end?.usage, isCut: end === undefined }
}

function odditiesIn({ unread, open, lost }: Reread): Oddities {
  const oddities = new Oddities()
  oddities.count('unread-call', unread)
  oddities.count('open-call', open)
  oddities.count('unreadable-line', lost)
  return oddities
}
