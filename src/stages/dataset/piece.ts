import { done, failed, type MessageRun, type Result, type Thread, type Trajectory } from '../../nouns/index.js'
import { toConversation, type Conversation, type Stretch, type TrainingRule } from './conversation/index.js'
import { splitHistories, type Certify, type History, type Place } from './histories/index.js'
import type { DatasetModel } from './model.js'
import type { Note } from './notes.js'
import type { Rendered, Renderer } from './render/index.js'

/** What becomes one sample: messages as one rendering shows them, and which of them train in it. */
export interface Piece {
  readonly id: string
  readonly trajectory: string
  readonly thread: Thread
  readonly conversation: Conversation
  readonly rendered: Rendered
  /** Of the messages that train. */
  readonly places: ReadonlyMap<string, Place>
  /** The last message, where it stands in a rendering of its own after that of its prompt; else null. */
  readonly appended: string | null
}

export interface Pieces {
  readonly pieces: readonly Piece[]
  readonly notes: readonly Note[]
}

export const rendererFor = (model: DatasetModel, { tools }: Conversation): Renderer =>
  tools === null ? model.renderer : model.toolRenderer

/**
 * A stretch as the histories that the model saw: the one that holds its last message under the stretch's id, an earlier one under
 * `<id>.until-<n>`, where n counts the thread's messages from 1 to the last one that it holds. None where no message trains.
 */
export function piecesOf(
  model: DatasetModel,
  trajectory: Trajectory,
  stretch: Stretch,
  rule: TrainingRule,
  certify: Certify,
): Result<Pieces> {
  const converted = toConversation(trajectory, stretch, rule)
  if (!converted.ok) return converted
  const { conversation, notes } = converted.value
  if (!conversation.messages.some(({ trains }) => trains)) return done({ pieces: [], notes })
  const histories = splitHistories(rendererFor(model, conversation), conversation, certify)
  if (!histories.ok) return failed({ where: stretch.id, ...histories.failure })
  const last = histories.value.at(-1)
  const pieces = histories.value.map((history) => ({
    id: history === last ? stretch.id : `${stretch.id}.until-${history.count}`,
    trajectory: trajectory.id,
    thread: stretch.thread,
    conversation: history.conversation,
    rendered: history.rendered,
    places: history.places,
    appended: history.appended,
  }))
  const told = [...rewritten(stretch.id, pieces), ...pieces.flatMap(appended), ...shownOtherwise(stretch.id, last)]
  return done({ pieces, notes: [...notes, ...told] })
}

function rewritten(sample: string, pieces: readonly Piece[]): readonly Note[] {
  if (pieces.length < 2) return []
  const named = pieces.map(({ id, places }) => `${id} (${places.size})`).join(', ')
  const message = `the template shows earlier messages otherwise once the conversation goes on: ${pieces.length} samples, each as the model saw it, with the messages that train there: ${named}`
  return [{ sample, code: 'history-rewritten', message }]
}

function appended({ id, appended: message }: Piece): readonly Note[] {
  if (message === null) return []
  const said = `no rendering by the template shows message ${message} after what the model read: it stands as the template prints it last, after the prompt as the template prints that`
  return [{ sample: id, code: 'answer-appended', message: said }]
}

/** Only a template with markers of its own is obeyed in this. */
function shownOtherwise(sample: string, last: History | undefined): readonly Note[] {
  const messages =
    last?.conversation.messages.filter(({ id, trains }) => trains && last.places.get(id) === undefined) ?? []
  if (messages.length === 0) return []
  const message = `the template marks ${messages.length} messages to train that it shows otherwise than the model saw them; its markers are obeyed`
  return [{ sample, code: 'history-rewritten', message }]
}

/** Which of a thread's messages a piece shows, as runs. */
export function runsOf(thread: Thread, { messages }: Conversation): MessageRun[] {
  const held = new Set(messages.map(({ id }) => id))
  const runs: MessageRun[] = []
  let open = false
  for (const { id } of thread.messages) {
    const last = runs.at(-1)
    if (held.has(id) && open && last !== undefined) runs[runs.length - 1] = { ...last, to: id }
    else if (held.has(id)) runs.push({ from: id, to: id })
    open = held.has(id)
  }
  return runs
}
