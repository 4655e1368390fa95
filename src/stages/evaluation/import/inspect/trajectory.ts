import type { Outcome, Trajectory, Trial } from '../../../../nouns/index.js'
import type { ImportTarget } from '../importer.js'
import { messagesOf } from './messages.js'
import type { LogSample } from './schema.js'

/** A sample's conversation as a trajectory, with the trial's one round and outcome; nothing of its scoring but the score. */
export function trajectoryOf(
  sample: LogSample,
  trial: Trial,
  { id, imported }: Pick<ImportTarget, 'id' | 'imported'>,
  { agent, model }: { readonly agent: string; readonly model: string },
): Trajectory {
  const [round] = trial.rounds
  return {
    format: 'limi.trajectory/1',
    id: trial.trajectory ?? trial.task,
    ...(typeof sample.started_at === 'string' ? { created: sample.started_at } : {}),
    query: { id: trial.task, digest: trial.taskDigest },
    source: {
      kind: 'imported',
      agent,
      model,
      importFormat: imported.format,
      files: [{ path: imported.path, digest: imported.digest }],
    },
    tags: { evaluation: id, suite: trial.suite, trial: String(trial.trial) },
    threads: [{ id: 'main', messages: messagesOf(sample.messages, sample.attachments) }],
    asides: [],
    tools: {},
    rounds: round === undefined ? [] : [{ round: 1, score: round.score, max: round.max, passed: round.passed }],
    outcome: outcomeOf(trial),
    usage: trial.usage,
    extra: {
      inspect: { id: sample.id, epoch: sample.epoch, ...(sample.metadata ? { metadata: sample.metadata } : {}) },
    },
    complete: true,
  }
}

function outcomeOf({ rounds: [round], cause }: Trial): Outcome {
  if (round === undefined) return { status: 'unknown', cause, by: 'source' }
  const { score, max, passed } = round
  return { status: passed ? 'success' : 'failure', score, max, cause, by: 'source' }
}
