import { done, type Aside, type Cause, type Outcome, type Result } from '../../../../nouns/index.js'
import { readDocument, validate } from '../document.js'
import {
  itemsOf,
  type ImportItem,
  type ImportSource,
  type ReadTrajectory,
  type SourceHead,
  type TrajectoryImporter,
} from '../importer.js'
import { Oddities } from '../oddities.js'
import { omit } from '../omit.js'
import { fieldsOf } from '../values.js'
import { asideFrom } from './aside.js'
import { messageFrom, type Setup } from './message.js'
import { originsOf } from './origins.js'
import { TrajFile } from './record.js'

/**
 * mini-swe-agent's `.traj.json` (github.com/SWE-agent/mini-swe-agent, docs/usage/output_files.md): `mini-swe-agent-1` and files before
 * it, and `mini-swe-agent-1.1` in its three ways of calling (text, chat completions, Responses).
 */
export const miniSweAgent: TrajectoryImporter = {
  format: 'mini-swe-agent',
  extensions: ['.json'],
  companions: [{ path: /(^|\/)preds\.json$/, why: 'the patches of a benchmark run, no trajectory' }],
  detect,
  read,
}

/** The format's name stands at the end of a file, its version near the beginning. */
function detect({ text, path }: SourceHead): number {
  if (!/^\s*\{/.test(text)) return 0
  if (/"trajectory_format"\s*:\s*"mini-swe-agent-/.test(text)) return 0.95
  if (!/^\s*\{\s*"(info|messages|instance_id)"\s*:/.test(text) || !text.includes('"model_stats"')) return 0
  if (text.includes('"mini_version"') || text.includes('"minisweagent.')) return 0.95
  return path.endsWith('.traj.json') && text.includes('"api_calls"') ? 0.8 : 0
}

async function* read(source: ImportSource): AsyncGenerator<ImportItem> {
  const document = await readDocument(source.path, source.maxDocumentBytes)
  const file = document.ok ? validate(document.value, TrajFile, source.path) : document
  yield* itemsOf(file.ok ? trajectoryFromFile(file.value) : file)
}

function trajectoryFromFile(file: TrajFile): Result<ReadTrajectory> {
  const oddities = new Oddities()
  const setup = setupOf(file)
  const origins = originsOf(file)
  const messages = file.messages.map((raw, at) => messageFrom(raw, `m${at}`, origins[at] ?? 'agent', setup, oddities))
  const asides = file.messages.flatMap((raw, at): Aside[] => asideFrom(raw, at, setup, oddities))
  const task = file['instance_id']
  const tags: Record<string, string> = typeof task === 'string' ? { task } : {}
  const version = file.info?.mini_version
  return done({
    index: 0,
    oddities,
    draft: {
      ...(messages[0]?.time === undefined ? {} : { created: messages[0].time }),
      source: {
        agent: 'mini-swe-agent',
        model: setup.model,
        ...(typeof version === 'string' ? { agentVersion: version } : {}),
      },
      tags,
      threads: [{ id: 'main', messages }],
      asides,
      tools: {},
      rounds: [],
      outcome: outcomeOf(file.info?.exit_status),
      extra: { miniSweAgent: omit(file, 'messages') },
    },
  })
}

function setupOf({ info }: TrajFile): Setup {
  const model = info?.config?.model
  const params = model?.model_kwargs
  return {
    model: typeof model?.model_name === 'string' ? model.model_name : 'unknown',
    params: fieldsOf(params),
  }
}

/** Statuses that the agent itself gives; any other is the name of an exception that ended the run. */
const CAUSES: Readonly<Record<string, Cause>> = {
  LimitsExceeded: 'budget',
  ContextWindowExceededError: 'budget',
  TimeExceeded: 'timeout',
  RepeatedFormatError: 'agent',
  FormatError: 'agent',
}

/** What was handed in is kept; whether it is right, no file says. */
function outcomeOf(status: string | null | undefined): Outcome {
  const unknown = { status: 'unknown', by: 'source' } as const
  if (status === null || status === undefined || ['', 'Submitted', 'UserInterruption'].includes(status)) return unknown
  return { ...unknown, cause: Object.hasOwn(CAUSES, status) ? (CAUSES[status] ?? null) : 'infrastructure' }
}
