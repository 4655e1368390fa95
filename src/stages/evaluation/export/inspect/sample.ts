import type { Message, Trial } from '../../../../nouns/index.js'
import { digestOfValue } from '../../../../shared/project/index.js'
import { isMeasured } from '../../metrics/index.js'
import type { ExportSource } from '../source.js'
import { errorOf, isLimited, limitOf } from './ending.js'
import type { Losses } from './lost.js'
import { messageFor, textOf } from './messages.js'
import { scoresFor } from './scores.js'
import { thinned } from './summary.js'
import { usageOf } from './usage.js'

/** The one conversation of a trial, as the trajectories' own exports take it. */
export interface TrialConversation {
  readonly messages: readonly Message[]
  /** Threads of which something is not in it. */
  readonly leftOut: readonly string[]
  readonly created?: string
}

/** Subtasks of a task are samples of their own; a task's name holds no slash. */
export const sampleId = ({ task, subtask }: Trial, hasSubtasks: boolean): string =>
  hasSubtasks ? `${task}/${subtask}` : task

interface SampleParts {
  readonly id: string
  readonly source: ExportSource
  /** Null where the trial left none. */
  readonly conversation: TrialConversation | null
}

/** A trial's subtask as a sample of Inspect's log (schema version 2), and its summary. */
export function sampleFor(trial: Trial, { id, source, conversation }: SampleParts, losses: Losses) {
  const { model, parameters, rounds } = source
  const said = conversation?.messages ?? []
  losses.add('threads beside the main line', conversation?.leftOut.length ?? 0)
  const messages = said.map((message) => messageFor(message, losses))
  const answer = said.findLast(({ role, origin }) => role === 'assistant' && origin === 'model')
  const facts = {
    id,
    epoch: trial.trial,
    uuid: digestOfValue([source.id, id, trial.trial, trial.taskDigest]).slice(0, 22),
    input: textOf(said.find(({ role }) => role === 'user')?.content ?? ''),
    target: '',
    ...(isMeasured(trial) ? { scores: scoresFor(trial, rounds, textOf(answer?.content ?? '')) } : {}),
    metadata: metadataFor(trial),
    ...usageOf([trial], model),
    ...timesOf(trial, conversation),
    total_time: trial.seconds,
    ...(trial.turns === undefined ? {} : { turn_count: trial.turns }),
  }
  const message = errorOf(trial)
  const limit = limitOf(trial, parameters)
  losses.add('the limit that ended a trial, whose value is not known', limit === null && isLimited(trial) ? 1 : 0)
  losses.add('what judges were asked and said', trial.judging === undefined ? 0 : 1)
  const sample = {
    ...facts,
    messages,
    output: answer === undefined ? { model, choices: [], completion: '' } : outputFor(answer, model, losses),
    ...(message === null ? {} : { error: { message, traceback: message, traceback_ansi: message } }),
    ...(limit === null ? {} : { limit }),
    store: {},
    events: [],
    attachments: {},
  }
  const summary = {
    ...thinned(facts),
    ...(message === null ? {} : { error: message }),
    ...(limit === null ? {} : { limit: limit.type, limit_reason: limit.reason }),
    completed: true,
    message_count: messages.length,
  }
  return { sample, summary }
}

/** Its attempt began with its conversation, and took the trial's time. */
function timesOf({ seconds }: Trial, conversation: TrialConversation | null) {
  const began = conversation?.created
  const at = Date.parse(began ?? '')
  return Number.isNaN(at) ? {} : { started_at: began, completed_at: new Date(at + seconds * 1000).toISOString() }
}

function outputFor(answer: Message, model: string, losses: Losses) {
  const message = messageFor(answer, losses)
  return { model, choices: [{ message, stop_reason: 'stop' }], completion: textOf(answer.content) }
}

const metadataFor = ({ suite, subtask, cause, rounds, trajectory, taskDigest, max, diff, calls, cost }: Trial) => ({
  ...{ suite, subtask, cause, max, rounds, trajectory, taskDigest, diff },
  calls: calls ?? null,
  cost: cost ?? null,
})
