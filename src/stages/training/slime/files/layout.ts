import path from 'node:path'

/** Where a slime run's files are, below `training/<run>`. */
export const layoutOf = (folder: string) => ({
  /** Uploaded to the cluster as the job's working directory; a person can submit it alone. */
  work: path.join(folder, 'slime'),
  /** Which jobs were submitted, so that a later limi finds them again. */
  jobs: path.join(folder, 'slime-jobs.json'),
  /** What was read from their logs. */
  progress: path.join(folder, 'progress.jsonl'),
  log: path.join(folder, 'log.txt'),
  model: path.join(folder, 'model'),
})

/** The final weights' folder, relative to the run's folder. */
export const MODEL = 'model'

/** The files of the working directory, by name. */
export const FILES = {
  samples: 'samples.jsonl',
  batches: 'batches.jsonl',
  rollout: 'limi_rollout.py',
  settings: 'settings.sh',
  launch: 'launch.sh',
  toMegatron: 'convert-to-megatron.sh',
  toHuggingFace: 'convert-to-hf.sh',
  submit: 'submit.sh',
  runtime: 'runtime-env.json',
} as const
