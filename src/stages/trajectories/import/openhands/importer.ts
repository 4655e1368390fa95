import type { Result } from '../../../../nouns/index.js'
import { digestOf } from '../../../../shared/project/index.js'
import { readBeside } from '../beside.js'
import { parseBytes, readDocument, validate } from '../document.js'
import {
  itemsOf,
  type ImportItem,
  type ImportSource,
  type ReadTrajectory,
  type SourceHead,
  type TrajectoryImporter,
} from '../importer.js'
import { readJsonLines } from '../json-lines.js'
import { omit } from '../omit.js'
import { baseStateOf, eventFilesFrom, isEventFile, readEventFolder } from './folder.js'
import { outcomeOf } from './outcome.js'
import { EvalOutput } from './record.js'
import { usageFrom } from './response.js'
import { flatten, sessionFrom, type Around } from './session.js'
import { field, textIn } from '../values.js'

/**
 * OpenHands (github.com/OpenHands/OpenHands, `openhands/events/`, `evaluation/utils/shared.py`; openhands-sdk, `openhands/sdk/event/`):
 * evaluation outputs a line each, a trajectory as a list of events, a folder of events. The model's response that an action
 * carries is the truth for what it said; the SDK keeps no response, and writes the arguments of a call as it read them.
 */
export const openhands: TrajectoryImporter = {
  format: 'openhands',
  extensions: ['.json', '.jsonl'],
  companions: [{ path: /(^|\/)base_state\.json$/, why: 'the state of the session beside it, read with it' }],
  detect,
  partsOf: async ({ path }) => (await eventFilesFrom(path)).slice(1),
  read,
}

const OLD = /"(action|observation)"\s*:\s*"[a-z_]+"/
const OLD_FIELDS = /"(args|extras|cause|timestamp)"\s*:/
const SDK =
  /"kind"\s*:\s*"(SystemPromptEvent|MessageEvent|ActionEvent|ObservationEvent|AgentErrorEvent|Condensation\w*|ConversationStateUpdateEvent|[A-Z]\w+Event|UserRejectObservation)"/
const SDK_FIELDS = /"source"\s*:\s*"(agent|user|environment|hook)"/

function detect({ text, path }: SourceHead): number {
  const isEvents = (OLD.test(text) && OLD_FIELDS.test(text)) || (SDK.test(text) && SDK_FIELDS.test(text))
  if (/^\s*\{/.test(text) && text.includes('"instance_id"') && text.includes('"test_result"')) {
    return isEvents || text.includes('"history"') ? 0.95 : 0
  }
  if (!isEvents || !SDK_FIELDS.test(text)) return 0
  if (/^\s*\[\s*\[?\s*\{/.test(text)) return 0.9
  if (/^\s*\{\s*"(trajectory|history)"\s*:\s*\[/.test(text)) return 0.9
  return /^\s*\{/.test(text) && isEventFile(path) ? 0.9 : 0
}

async function* read(source: ImportSource): AsyncGenerator<ImportItem> {
  if (isEventFile(source.path)) {
    yield* itemsOf(await readFolder(source))
    return
  }
  if (source.path.toLowerCase().endsWith('.jsonl')) {
    let index = 0
    for await (const { value, where, bytes } of readJsonLines(source.path)) {
      yield* itemsOf(value.ok ? recordFrom(value.value, { index, where, bytes: bytes.length }) : value)
      index += 1
    }
    return
  }
  const document = await readDocument(source.path, source.maxDocumentBytes)
  yield* itemsOf(
    document.ok ? recordFrom(document.value, { index: 0, where: source.path, bytes: source.bytes }) : document,
  )
}

/** A line or a document: an evaluation's output, a list of events, or that list under `trajectory`. */
function recordFrom(value: unknown, place: Pick<Around, 'index' | 'where' | 'bytes'>): Result<ReadTrajectory> {
  if (Array.isArray(value)) return listFrom({ history: value as unknown[] }, place)
  if (Array.isArray(field(value, 'trajectory'))) {
    const { trajectory, ...extra } = value as Record<string, unknown>
    return listFrom({ history: trajectory }, { ...place, extra })
  }
  const output = validate(value, EvalOutput, place.where)
  if (!output.ok) return output
  const { instance_id: task, metadata, metrics } = output.value
  const model = textIn(field(metadata, 'llm_config'), 'model')
  const usage = usageFrom(field(metrics, 'accumulated_token_usage'))
  return sessionFrom(flatten(output.value.history), {
    ...place,
    ...(model === undefined ? {} : { model }),
    ...(usage === undefined ? {} : { usage }),
    tags: task === null || task === undefined ? {} : { task: String(task) },
    outcome: outcomeOf(output.value),
    extra: omit(output.value, 'history'),
  })
}

function listFrom(value: unknown, around: Around): Result<ReadTrajectory> {
  const list = validate(value, EvalOutput.pick({ history: true }), around.where)
  return list.ok ? sessionFrom(flatten(list.value.history), around) : list
}

async function readFolder({ path, maxDocumentBytes }: ImportSource): Promise<Result<ReadTrajectory>> {
  const files = await eventFilesFrom(path)
  const folder = await readEventFolder(files.length === 0 ? [path] : files, maxDocumentBytes)
  if (!folder.ok) return folder
  const { events, besides, bytes } = folder.value
  const place = { index: 0, where: path, bytes }
  const file = await baseStateOf(path)
  if (file === null) return sessionFrom(events, { ...place, besides })
  const read = await readBeside(file, maxDocumentBytes)
  const state = read.ok ? parseBytes(read.value, file) : read
  if (!read.ok) return read
  if (!state.ok) return state
  const model = textIn(field(field(state.value, 'agent'), 'llm'), 'model')
  return sessionFrom(events, {
    ...place,
    ...(model === undefined ? {} : { model }),
    besides: [...besides, { path: file, digest: digestOf(read.value) }],
    extra: { baseState: state.value },
  })
}
