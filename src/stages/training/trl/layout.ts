import path from 'node:path'

/** Where a TRL run's files are, below `training/<run>`. */
export const layoutOf = (folder: string) => ({
  /** Given to TRL as its working directory: every path in run.yaml is relative to it, except the base model's. */
  work: path.join(folder, 'trl'),
  config: path.join(folder, 'trl', 'run.yaml'),
  script: path.join(folder, 'trl', SCRIPT),
  data: path.join(folder, 'trl', 'data', 'train.jsonl'),
  /** Beside `data/`, of which TRL reads every file. */
  heldOut: path.join(folder, 'trl', 'held-out.jsonl'),
  output: path.join(folder, 'trl', 'output'),
  log: path.join(folder, 'log.txt'),
  progress: path.join(folder, 'progress.jsonl'),
  model: path.join(folder, 'model'),
})

/** The final weights' folder, relative to the run's folder. */
export const MODEL = 'model'

/** What is run on run.yaml where TRL's own script does not do. */
export const SCRIPT = 'train.py'
