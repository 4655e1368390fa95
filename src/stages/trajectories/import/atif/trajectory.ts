import { Aside, Outcome, RoundRecord, ToolSpec, Usage, type Trajectory } from '../../../../nouns/index.js'
import { z } from 'zod'
import type { SourceFile, ReadTrajectory, TrajectoryDraft } from '../importer.js'
import { Oddities } from '../oddities.js'
import { omit } from '../omit.js'
import { fieldsOf, isCount, type Fields } from '../values.js'
import { ATIF_VERSIONS } from './document.js'
import { changed, present, withoutLimi } from './limi.js'
import { rootFields, ThreadReader, type AtifFile } from './threads.js'

/** One document and all that belongs to it, as one trajectory. */
export function trajectoryFromAtif(file: AtifFile, index: number, besides: readonly SourceFile[]): ReadTrajectory {
  const oddities = new Oddities()
  const { limi } = withoutLimi(file.document.extra)
  const { schema_version: version } = file.document
  if (typeof version === 'string' && !ATIF_VERSIONS.has(version)) oddities.count('unknown-version')
  const reader = new ThreadReader(oddities)
  const threads = reader.read(file)
  const header = headerFrom(file, reader.tools)
  const exported = fieldsOf(limi)['trajectory']
  const whole = exported === undefined ? header : withoutReserved(changed(header, exported))
  const isUsable = Exported.safeParse(whole).success
  if (!isUsable) oddities.count('unusable-limi')
  return { index, oddities, besides, draft: { ...(isUsable ? (whole as Header) : header), threads } }
}

type Header = Omit<TrajectoryDraft, 'threads'>

/** What the import says of itself no file may say for it. */
function withoutReserved(header: Fields): Fields {
  const rest: Fields = omit(header, 'type', 'format', 'id', 'complete', 'cutAt', 'threads')
  return { ...rest, source: omit(fieldsOf(rest['source']), 'kind', 'files', 'importFormat') }
}

/** All of a trajectory but its threads, as ATIF's own fields say it. */
function headerFrom({ document }: AtifFile, tools: Trajectory['tools']): Header {
  const { name, model_name: model, version, ...agent } = fieldsOf(rootFields(document)?.['agent'])
  const { final_metrics: final, ...root } = fieldsOf(rootFields(document))
  const { usage, rest } = totalsFrom(final)
  const first = document.steps[0]?.['timestamp']
  const named = document.steps.find((step) => typeof step['model_name'] === 'string')?.['model_name']
  const isText = typeof version === 'string'
  const atif = present({
    ...root,
    final_metrics: rest,
    agent: present({ ...agent, version: isText ? undefined : version }),
  })
  return {
    ...(typeof first === 'string' ? { created: first } : {}),
    source: {
      agent: String(name),
      ...(isText ? { agentVersion: version } : {}),
      model: typeof model === 'string' ? model : typeof named === 'string' ? named : 'unknown',
    },
    tags: {},
    asides: [],
    tools,
    rounds: [],
    outcome: { status: 'unknown', by: 'source' },
    ...(usage === undefined ? {} : { usage }),
    ...(atif === undefined ? {} : { extra: { atif } }),
  }
}

/** `final_metrics`: src/harbor/models/trajectories/final_metrics.py. */
function totalsFrom(given: unknown): { readonly usage?: Usage; readonly rest?: unknown } {
  const { total_prompt_tokens: input, total_completion_tokens: output, ...more } = fieldsOf(given)
  if (!isCount(input) || !isCount(output)) return { rest: given }
  const { total_cached_tokens: cached, ...rest } = more
  const usage = { inputTokens: input, outputTokens: output }
  if (isCount(cached)) return { usage: { ...usage, cachedInputTokens: cached }, rest: present(nonNull(rest)) }
  return { usage, rest: present(nonNull(more)) }
}

const nonNull = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null))

const Anything = z.record(z.string(), z.unknown())

/** What a header that comes out of a file must fit, or it could not be read back from the store. */
const Exported = z.looseObject({
  created: z.string().optional(),
  query: z.object({ id: z.string(), digest: z.string() }).optional(),
  source: z.looseObject({ agent: z.string(), model: z.string() }),
  tags: z.record(z.string(), z.string()),
  asides: z.array(Aside),
  tools: z.record(z.string(), z.array(ToolSpec)),
  rounds: z.array(RoundRecord),
  outcome: Outcome,
  workspace: Anything.optional(),
  usage: Usage.optional(),
  licence: z.string().optional(),
  extra: Anything.optional(),
})
