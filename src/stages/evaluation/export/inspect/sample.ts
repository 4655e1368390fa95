import type { Message, Trial } from '../../../../nouns/index.js'
import { isMeasured, isSolved } from '../../metrics/index.js'
import type { Losses } from './lost.js'
import { messageFor, textOf } from './messages.js'

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
  readonly model: string
  /** Null where the trial left none. */
  readonly conversation: TrialConversation | null
}

/** A trial's subtask as a sample of Inspect's log (schema version 2), and its summary. */
export function sampleFor(trial: Trial, { id, model, conversation }: SampleParts, losses: Losses) {
  const said = conversation?.messages ?? []
  losses.add('threads beside the main line', conversation?.leftOut.length ?? 0)
  const messages = said.map((message) => messageFor(message, losses))
  const answer = said.findLast(({ role, origin }) => role === 'assistant' && origin === 'model')
  const facts = {
    id,
    epoch: trial.trial,
    input: textOf(said.find(({ role }) => role === 'user')?.content ?? ''),
    target: '',
    ...(isMeasured(trial) ? { scores: scoresFor(trial) } : {}),
    metadata: metadataFor(trial),
    model_usage: { [model]: usageFor(trial) },
    ...(conversation?.created === undefined ? {} : { started_at: conversation.created }),
    total_time: trial.seconds,
    ...(trial.turns === undefined ? {} : { turn_count: trial.turns }),
  }
  const message = isMeasured(trial) ? null : `not measured: ${trial.cause ?? 'unknown'}`
  const sample = {
    ...facts,
    messages,
    output: answer === undefined ? { model, choices: [], completion: '' } : outputFor(answer, model, losses),
    ...(message === null ? {} : { error: { message, traceback: '', traceback_ansi: '' } }),
    store: {},
    events: [],
    attachments: {},
  }
  const summary = {
    ...facts,
    ...(message === null ? {} : { error: message }),
    completed: true,
    message_count: messages.length,
  }
  return { sample, summary }
}

function outputFor(answer: Message, model: string, losses: Losses) {
  const message = messageFor(answer, losses)
  return { model, choices: [{ message, stop_reason: 'stop' }], completion: textOf(answer.content) }
}

/** SR and FTFC as single values, the requirements of the last round as a record of 1 and 0 with what the scorer saw. */
function scoresFor(trial: Trial) {
  const last = trial.rounds.at(-1)
  const solved = { value: isSolved(trial) ? 1 : 0, explanation: roundsText(trial), history: [] }
  if (last === undefined) return { SR: solved }
  const { requirements } = last
  const met = Object.fromEntries(requirements.map((one) => [one.id, one.passed ? 1 : 0]))
  const evidence = requirements.map(
    (one) => `${one.passed ? '✓' : '✗'} ${one.id} (weight ${one.weight}): ${one.evidence}`,
  )
  return {
    SR: solved,
    score: {
      value: last.max === 0 ? 0 : last.score / last.max,
      explanation: `${last.score} of ${last.max}`,
      history: [],
    },
    ...(requirements.length === 0
      ? {}
      : { requirements: { value: met, explanation: evidence.join('\n'), history: [] } }),
  }
}

const roundsText = ({ rounds, cause }: Trial): string => {
  const each = rounds.map(
    ({ passed, score, max }, at) => `round ${at + 1}: ${passed ? 'passed' : 'failed'}, ${score} of ${max}`,
  )
  return [...each, ...(cause === null ? [] : [`cause: ${cause}`])].join('\n')
}

const metadataFor = ({ suite, subtask, cause, rounds, trajectory, taskDigest, max, diff, calls, cost }: Trial) => ({
  ...{ suite, subtask, cause, max, rounds, trajectory, taskDigest, diff },
  calls: calls ?? null,
  cost: cost ?? null,
})

function usageFor({ usage, cost }: Trial) {
  const { inputTokens, outputTokens, cachedInputTokens: cached, reasoningTokens: reasoning } = usage
  return {
    input_tokens: inputTokens - Math.min(cached ?? 0, inputTokens),
    output_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    ...(cached === undefined ? {} : { input_tokens_cache_read: Math.min(cached, inputTokens) }),
    ...(reasoning === undefined ? {} : { reasoning_tokens: reasoning }),
    ...(cost === undefined ? {} : { total_cost: cost }),
  }
}
