import { unwrap, type Message, type Trajectory } from '../../../nouns/index.js'
import { plural } from '../../../shared/report/index.js'
import { conversationOf } from './conversation.js'
import type { Exported, Lost, TrajectoryExporter } from './exporter.js'
import { exporterOf } from './registry.js'
import { differences, importText, narrowed } from './lost/index.js'
import { wouldTrainWrongly } from './weight.js'

/**
 * One trajectory as a line or a file of a format. What is lost is what an import of the text does not give back.
 * A format that is not there is thrown as a `FailureError`; `exporterOf` tells before.
 */
export async function exportTrajectory(trajectory: Trajectory, format: string): Promise<Exported> {
  const exporter = unwrap(exporterOf(format))
  const text = exporter.write(trajectory)
  return {
    id: trajectory.id,
    text,
    lost: await lostIn(trajectory, text, exporter),
    warnings: [
      ...untrained(trajectory, exporter),
      ...changingTools(trajectory, exporter),
      ...(exporter.warnings?.(trajectory) ?? []),
    ],
  }
}

async function lostIn(trajectory: Trajectory, text: string, exporter: TrajectoryExporter): Promise<Lost[]> {
  const { id } = trajectory
  const extension = exporter.layout === 'lines' ? '.jsonl' : '.json'
  const back = await importText(text, exporter.readBy ?? exporter.format, extension)
  if (!back.ok) return [{ field: 'threads', where: `${id}: an import of the export fails: ${back.failure.message}` }]
  const whole = exporter.holdsThreads === true
  const leftOut = whole ? [] : conversationOf(trajectory).leftOut
  const differing = differences(whole ? trajectory : narrowed(trajectory), back.value)
  return [
    ...(leftOut.length === 0 ? [] : [{ field: 'threads', where: `${id}: ${leftOut.join(', ')}` }]),
    ...[...differing].map(([field, places]) => ({
      field,
      where: `${id}: ${plural(places, 'place')}`,
    })),
  ]
}

function untrained(trajectory: Trajectory, exporter: TrajectoryExporter): string[] {
  if (exporter.holdsWeights === true) return []
  const all: readonly Message[] =
    exporter.holdsThreads === true
      ? trajectory.threads.flatMap((thread) => thread.messages)
      : conversationOf(trajectory).messages
  const wrong = all.filter(wouldTrainWrongly)
  if (wrong.length === 0) return []
  const named = wrong.slice(0, NAMED).map((message) => message.id)
  const more = wrong.length > NAMED ? ` and ${wrong.length - NAMED} more` : ''
  return [
    `${trajectory.id}: ${exporter.format} has no place for weights: ${plural(wrong.length, 'message')} would train and must not: ${named.join(', ')}${more}`,
  ]
}

const NAMED = 20

function changingTools(trajectory: Trajectory, { format, holdsThreads }: TrajectoryExporter): string[] {
  if (holdsThreads === true) return []
  const { messages } = conversationOf(trajectory)
  const lists = new Set(messages.flatMap(({ call }) => (call?.tools === undefined ? [] : [call.tools])))
  if (lists.size < 2) return []
  return [
    `${trajectory.id}: its tools change within the session (${lists.size} lists); ${format} holds the last list only`,
  ]
}
