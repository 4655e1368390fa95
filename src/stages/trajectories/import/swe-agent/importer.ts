import { done, failed, type Result, type Usage } from '../../../../nouns/index.js'
import { canonicalJson } from '../../../../shared/project/index.js'
import { invalid, readDocument, validate } from '../document.js'
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
import { Repeats, SharedFields } from '../repeats.js'
import { field, isCount } from '../values.js'
import { outcomeOf } from './outcome.js'
import { TrajFile, type Run } from './record.js'
import { threadsFrom } from './threads.js'

/**
 * SWE-agent's `.traj` files, 0.x to 1.x (github.com/SWE-agent/SWE-agent: `sweagent/types.py`, `sweagent/agent/agents.py`).
 * `history` is the truth for what the model was shown and said; each step of `trajectory` is kept beside its answer.
 */
export const sweAgent: TrajectoryImporter = {
  format: 'swe-agent',
  extensions: ['.traj'],
  companions: [],
  detect,
  read,
}

const BEGINS = /^\s*\{\s*"(environment|trajectory|history|info|attempts|replay_config)"\s*:/
const STEPS = /"trajectory"\s*:\s*\[\s*(\]|\{\s*"action"\s*:)/
const ITEM = /"history"\s*:\s*\[\s*\{[^{}]{0,300}?"(role|agent|message_type)"\s*:/

function detect({ text }: SourceHead): number {
  if (!BEGINS.test(text)) return 0
  if (STEPS.test(text)) return 0.95
  return ITEM.test(text) && text.includes('"agent"') ? 0.8 : 0
}

async function* read(source: ImportSource): AsyncGenerator<ImportItem> {
  const document = await readDocument(source.path, source.maxDocumentBytes)
  const file = document.ok ? validate(document.value, TrajFile, source.path) : document
  if (!file.ok) {
    yield* itemsOf(file)
    return
  }
  const { attempts, ...whole } = file.value
  if (attempts === null || attempts === undefined || attempts.length === 0) {
    const none = attempts === undefined ? {} : { attempts }
    yield* itemsOf(trajectoryFromRun(whole, 0, source.path, () => none))
    return
  }
  const around = new SharedFields(aroundAttempts(whole, attempts))
  const repeats = new Repeats()
  repeats.read(source.bytes)
  for (const [index, attempt] of attempts.entries()) {
    const where = `${source.path}, attempt ${index}`
    yield* itemsOf(trajectoryFromRun(attempt, index, where, (oddities) => around.for(index, repeats, oddities)))
  }
}

/** What a file says of all its attempts is kept with each; its copy of the best attempt only where it is none. */
function aroundAttempts(whole: Run, attempts: readonly Run[]): Record<string, unknown> {
  const { history, trajectory, ...rest } = whole
  const copied = canonicalJson([history ?? null, trajectory ?? null])
  const isCopy = attempts.some((one) => canonicalJson([one.history ?? null, one.trajectory ?? null]) === copied)
  return { run: isCopy ? rest : whole }
}

function trajectoryFromRun(
  run: Run,
  index: number,
  where: string,
  around: (oddities: Oddities) => Readonly<Record<string, unknown>>,
): Result<ReadTrajectory> {
  const oddities = new Oddities()
  const rest = omit(run, 'history', 'trajectory')
  const model = modelOf(rest['replay_config'])
  const { threads, asides } = threadsFrom(run, model, oddities)
  if (threads.length === 0) return failed(invalid(where, 'neither history nor trajectory holds anything'))
  return done({
    index,
    oddities,
    draft: {
      source: { agent: 'swe-agent', model },
      tags: {},
      threads,
      asides,
      tools: {},
      rounds: [],
      outcome: outcomeOf(run.info),
      ...usageOf(run),
      extra: { sweAgent: { ...rest, ...around(oddities) } },
    },
  })
}

/** The configuration is an object in early 1.x and its JSON as text in later files. */
function modelOf(config: unknown): string {
  const name = field(field(field(parsed(config), 'agent'), 'model'), 'name')
  return typeof name === 'string' && name !== '' ? name : 'unknown'
}

function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value) as unknown
  } catch {
    return undefined
  }
}

function usageOf({ info }: Run): { usage?: Usage } {
  const { tokens_sent: sent, tokens_received: received } = info?.model_stats ?? {}
  if (!isCount(sent) || !isCount(received) || sent + received === 0) return {}
  return { usage: { inputTokens: sent, outputTokens: received } }
}
