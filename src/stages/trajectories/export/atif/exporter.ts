import { own, type Message, type Thread, type Trajectory } from '../../../../nouns/index.js'
import { digestOfValue } from '../../../../shared/project/index.js'
import {
  changesBetween,
  NEWEST_ATIF,
  present,
  toolOut,
  toolsFrom,
  trajectoryFromAtif,
  type AtifDocument,
} from '../../import/atif/index.js'
import { omit } from '../../import/omit.js'
import { fieldsOf, type Fields } from '../../import/values.js'
import type { TrajectoryExporter } from '../exporter.js'
import { linesOf, type Line } from './layout.js'
import { AGENT, FINAL_METRICS, fitting, ROOT, wellFormed } from './shape.js'
import { stepsOf, withLimi, type Delegate } from './steps.js'

/**
 * Harbor's Agent Trajectory Interchange Format, newest version, one document: the main line with its compactions as steps, other threads
 * embedded as sub-agents. What ATIF has no place for stands in its `extra` fields under `limi`, from where the import takes it back.
 */
export const atifExport: TrajectoryExporter = {
  format: 'atif',
  layout: 'files',
  holdsThreads: true,
  write: (trajectory) => JSON.stringify(documentOf(trajectory)),
}

function documentOf(trajectory: Trajectory): Fields {
  const lines = linesOf(trajectory)
  const names = lines.map(([head], at) =>
    wellFormed(head.id) === head.id && head.id !== '' ? head.id : `thread-${at}`,
  )
  const delegates = lines.flatMap(([head], at): Delegate[] =>
    at === 0 || head.parent?.relation !== 'subagent' ? [] : [{ parent: head.parent, trajectoryId: names[at] ?? '' }],
  )
  const embedded = lines.slice(1).map((line, at) => embeddedOf(line, names[at + 1] ?? '', trajectory, delegates))
  const root = rootOf(lines[0] ?? [{ id: 'main', messages: [] }], trajectory, delegates)
  const document = { ...root, ...(embedded.length === 0 ? {} : { subagent_trajectories: embedded }) }
  const read = trajectoryFromAtif({ document: document as unknown as AtifDocument, files: new Map() }, 0, [])
  const changes = changesBetween(omit(read.draft, 'threads'), headerOf(trajectory))
  const limi = present({ thread: threadLimiOf(trajectory, lines[0]?.[0]), trajectory: changes ?? undefined })
  return withLimi(document, limi)
}

/** All that an import makes of a trajectory but its threads. */
function headerOf(trajectory: Trajectory): Fields {
  const { created, query, source, tags, asides, tools, rounds, outcome, workspace, usage, licence, extra } = trajectory
  return {
    ...{ created, query, tags, asides, tools, rounds, outcome, workspace, usage, licence },
    source: omit(source, 'kind', 'files', 'importFormat'),
    extra: extra === undefined ? undefined : omit(extra, 'missing', 'oddities'),
  }
}

/** Of the root only where the import would make another thread of it. */
function threadLimiOf(trajectory: Trajectory, root: Thread | undefined): unknown {
  if (root === undefined) return false
  const isPlain = trajectory.threads.length === 1 && changesBetween({ id: 'main' }, omit(root, 'messages')) === null
  return isPlain ? undefined : limiOfThread(trajectory, root)
}

const limiOfThread = (trajectory: Trajectory, thread: Thread): Fields => ({
  at: trajectory.threads.indexOf(thread),
  fields: omit(thread, 'messages'),
})

function rootOf(line: Line, trajectory: Trajectory, delegates: readonly Delegate[]): Fields {
  const { source, usage } = trajectory
  const atif = fieldsOf(trajectory.extra?.['atif'])
  const { continued_trajectory_ref: next, ...root } = fitting(atif, ROOT)
  const totals = present({
    total_prompt_tokens: usage?.inputTokens,
    total_completion_tokens: usage?.outputTokens,
    total_cached_tokens: usage?.cachedInputTokens,
    ...fitting(atif['final_metrics'], FINAL_METRICS),
  })
  return {
    ...bodyOf(line, { atif, agent: source.agent, model: source.model, prefix: '', trajectory, delegates }),
    trajectory_id: trajectory.id,
    ...root,
    ...(next === undefined || line.length > 1 ? {} : { continued_trajectory_ref: next }),
    ...(totals === undefined ? {} : { final_metrics: totals }),
  }
}

function embeddedOf(line: Line, name: string, trajectory: Trajectory, delegates: readonly Delegate[]): Fields {
  const [head] = line
  const atif = fieldsOf(head.extra?.['atif'])
  const { continued_trajectory_ref: next, ...root } = fitting(atif, ROOT)
  const { name: agent, model_name: model } = fieldsOf(atif['agent'])
  const called = head.messages.find((message) => message.call !== undefined)?.call?.model
  const totals = fitting(atif['final_metrics'], FINAL_METRICS)
  const document = {
    ...bodyOf(line, {
      atif,
      agent: typeof agent === 'string' ? agent : trajectory.source.agent,
      model: typeof model === 'string' ? model : (called ?? trajectory.source.model),
      prefix: `${name}:`,
      trajectory,
      delegates,
    }),
    ...root,
    trajectory_id: name,
    ...(next === undefined || line.length > 1 ? {} : { continued_trajectory_ref: next }),
    ...(Object.keys(totals).length === 0 ? {} : { final_metrics: totals }),
  }
  return withLimi(document, { thread: limiOfThread(trajectory, head) })
}

interface Body {
  /** What an import of ATIF had no place for. */
  readonly atif: Fields
  readonly agent: string
  readonly model: string
  readonly prefix: string
  readonly trajectory: Trajectory
  readonly delegates: readonly Delegate[]
}

function bodyOf(line: Line, { atif, agent, model, prefix, trajectory, delegates }: Body): Fields {
  const definitions = definitionsOf(
    trajectory,
    line.flatMap((thread) => thread.messages),
  )
  const { version, extra } = fitting({ version: trajectory.source['agentVersion'], ...fieldsOf(atif['agent']) }, AGENT)
  const name = model === 'unknown' ? undefined : (wellFormed(model) as string)
  return {
    schema_version: NEWEST_ATIF,
    agent: present({
      name: wellFormed(agent),
      version: version ?? 'unknown',
      model_name: name,
      tool_definitions: definitions,
      extra,
    }),
    steps: stepsOf(line, {
      prefix,
      asked: prefix === '' ? 'human' : 'agent',
      delegates,
      ...(name === undefined ? {} : { model: name }),
      ...(definitions === undefined ? {} : { tools: digestOfValue(toolsFrom(definitions)) }),
      threadLimi: (thread) => limiOfThread(trajectory, thread),
    }),
  }
}

/** A document has room for one list of tools: the one that its last call was offered. */
function definitionsOf({ tools }: Trajectory, messages: readonly Message[]): readonly unknown[] | undefined {
  const digest = messages.findLast((message) => message.call?.tools !== undefined)?.call?.tools
  const list = digest === undefined ? Object.values(tools)[0] : own(tools, digest)
  const definitions = wellFormed((list ?? []).map(toolOut)) as unknown[]
  return definitions.length === 0 || toolsFrom(definitions) === null ? undefined : definitions
}
