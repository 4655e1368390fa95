import path from 'node:path'

/** Where a run's files are, below `training/<run>`. Every path in the YAML files is relative to `work`, except the base model's. */
export const layoutOf = (folder: string) => {
  const work = path.join(folder, 'llamafactory')
  return {
    work,
    config: path.join(work, 'run.yaml'),
    exportConfig: path.join(work, 'export.yaml'),
    datasetInfo: path.join(work, 'dataset_info.json'),
    script: path.join(work, SCRIPT),
    train: path.join(work, TRAIN),
    heldOut: path.join(work, HELD_OUT),
    tokenized: path.join(work, TOKENIZED),
    /** Which sample stands behind each row of the tokenised data. */
    order: path.join(work, 'order.json'),
    output: path.join(work, OUTPUT),
    trainerLog: path.join(work, OUTPUT, 'trainer_log.jsonl'),
    /** Adapters merged into the base. */
    merged: path.join(work, MERGED),
    log: path.join(folder, 'log.txt'),
    model: path.join(folder, MODEL),
  }
}

export const SCRIPT = 'make_dataset.py'
export const TRAIN = 'train.jsonl'
export const HELD_OUT = 'held-out.jsonl'
export const TOKENIZED = 'tokenized'
export const OUTPUT = 'output'
export const MERGED = 'merged'
/** The final weights' folder, relative to the run's folder. */
export const MODEL = 'model'
