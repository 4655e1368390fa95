import { done, failed, type Result } from '../../../../nouns/index.js'
import { invalid, validate } from '../document.js'
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
import { ConversationBuilder } from './messages.js'
import { outcomeOf } from './outcome.js'
import { Simulation, type Task } from './record.js'
import { isSimulation, readRun, valuesOf, type Placed } from './run.js'
import { SharedByRun } from './shared.js'

/**
 * Result files of τ²-bench, `{timestamp, info, tasks, simulations}`: one trajectory a simulation. The format is defined in
 * sierra-research/tau2-bench, src/tau2/data_model/simulation.py and message.py.
 * The agent's system prompt is made of the policy by code of tau2 that the file does not name, so it is missing; the policy is in `extra`.
 */
export const tau2: TrajectoryImporter = {
  format: 'tau2',
  extensions: ['.json'],
  companions: [],
  detect,
  read,
}

function detect({ text }: SourceHead): number {
  if (!/^\s*\{/.test(text)) return 0
  const info = ['"info"', '"agent_info"', '"user_info"', '"environment_info"'].every((name) => text.includes(name))
  if (info) return 0.9
  return ['"simulations"', '"task_id"', '"termination_reason"'].every((name) => text.includes(name)) ? 0.8 : 0
}

async function* read(source: ImportSource): AsyncGenerator<ImportItem> {
  const run = await readRun(source)
  if (!run.ok) {
    yield { kind: 'rejected', failure: run.failure }
    return
  }
  const shared = new SharedByRun(run.value)
  let index = 0
  for await (const placed of valuesOf(source, isSimulation)) {
    yield* itemsOf(simulationFrom(placed, index, shared))
    index += 1
  }
}

function simulationFrom({ value, where, bytes }: Placed, index: number, shared: SharedByRun): Result<ReadTrajectory> {
  if (!value.ok) return value
  if (holdsTicks(value.value)) return failed(invalid(where, 'a full-duplex (voice) simulation: its ticks are not read'))
  const valid = validate(value.value, Simulation, where)
  if (!valid.ok) return valid
  shared.repeats.read(bytes)
  return done({ index, ...trajectoryFromSimulation(valid.value, index, shared) })
}

const holdsTicks = (value: unknown): boolean => {
  const { messages, ticks } = (value ?? {}) as { messages?: unknown; ticks?: unknown }
  return (messages === null || messages === undefined) && Array.isArray(ticks)
}

function trajectoryFromSimulation(
  simulation: Simulation,
  index: number,
  shared: SharedByRun,
): Pick<ReadTrajectory, 'draft' | 'oddities'> {
  const { info } = shared.run
  const { agent_info, environment_info } = info
  const oddities = new Oddities()
  const task = shared.run.tasks.get(String(simulation.task_id))
  if (task === undefined) oddities.count('missing-task')
  const about = shared.about(index, task, oddities)
  const tools = shared.tools(oddities)
  const params = shared.params(simulation.messages.length, oddities)
  const builder = new ConversationBuilder({ info, params, tools: tools?.digest, given: givenBy(task) }, oddities)
  for (const [place, said] of simulation.messages.entries()) builder.add(said, place)
  const { messages, asides } = builder.finish()
  const { start_time: started } = simulation
  const draft: ReadTrajectory['draft'] = {
    ...(typeof started === 'string' ? { created: started } : {}),
    source: { agent: agent_info.implementation, model: agent_info.llm ?? 'unknown' },
    tags: tagsOf(simulation, environment_info.domain_name),
    threads: [{ id: 'main', messages }],
    asides,
    tools: tools === null ? {} : { [tools.digest]: tools.specs },
    rounds: [],
    outcome: outcomeOf(simulation),
    extra: { tau2: { ...about, simulation: omit(simulation, 'messages') } },
  }
  return { draft, oddities }
}

const givenBy = (task: Task | undefined): number => task?.initial_state?.message_history?.length ?? 0

function tagsOf({ task_id, trial, seed }: Simulation, domain: string): Record<string, string> {
  return {
    task: String(task_id),
    domain,
    ...(typeof trial === 'number' ? { trial: String(trial) } : {}),
    ...(typeof seed === 'number' ? { seed: String(seed) } : {}),
  }
}
