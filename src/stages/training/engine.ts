import type { Checkpoint, Failure, LossPoint, Recipe, Result, Sample, TrainingEstimate } from '../../nouns/index.js'

/** A proved dataset. */
export interface TrainingData {
  readonly id: string
  readonly digest: string
  readonly samples: readonly Sample[]
  /** The chat template that it was made by, where that is not the base's own: whoever serves the result must use it. */
  readonly chatTemplate?: string
  /**
   * The samples as messages, a JSON document each, in order, for services that tokenise by themselves: lines of OpenAI's supervised
   * fine-tuning, as `limi dataset export --format openai-ft` writes them.
   */
  readonly messages?: () => Promise<Result<readonly string[]>>
}

/** One run of training: from which weights, on what, how, and where its files go. */
export interface TrainingJob {
  /** Id of the run: `checkpoint:<run>` names its result. */
  readonly run: string
  /** `training/<run>`, absolute. */
  readonly folder: string
  readonly base: { readonly name: string; readonly digest: string; readonly folder: string }
  readonly dataset: TrainingData
  /** Never trained on; its loss is measured after every epoch. */
  readonly heldOut?: TrainingData
  readonly recipe: Recipe
}

/** What a run will do and is expected to take, shown before it runs. */
export interface TrainingPlan {
  readonly estimate: TrainingEstimate
  /** How steps come about, what this engine's format cannot carry, what was never run here: a line each. */
  readonly notes: readonly string[]
}

export type TrainingEvent =
  | { readonly type: 'note'; readonly text: string }
  | { readonly type: 'started'; readonly steps: number; readonly from: number }
  | {
      readonly type: 'step'
      readonly step: number
      readonly steps: number
      /** Mean over the batch's trained tokens, before this step's update. */
      readonly loss: number
      readonly learningRate?: number
      /** Tokens seen so far, padding left out. */
      readonly tokens: number
      /** Estimate, from this attempt's own speed. */
      readonly secondsLeft: number
      /** The engine's process, at its peak so far. */
      readonly memoryBytes?: number
      /** When it was done, in seconds of the engine's own clock, from engines whose steps limi hears of later; only differences count. */
      readonly at?: number
    }
  | { readonly type: 'held-out'; readonly step: number; readonly epoch: number; readonly loss: number }
  /** Something that a person should know while it runs: `overfitting`, `stopped-early`, `stalled`. */
  | { readonly type: 'warning'; readonly code: string; readonly text: string }
  | { readonly type: 'saved'; readonly step: number }

export interface TrainingOptions {
  readonly onEvent: (event: TrainingEvent) => void
  readonly signal?: AbortSignal
}

/** What an engine would need before it can run. */
export interface EngineCheck {
  readonly missing: readonly Failure[]
  /** Free disk space that the run needs at its peak, in bytes. */
  readonly diskBytes: number
}

export interface TrainedModel {
  /** Folder with the weights, relative to the run's folder; null where a service keeps them. */
  readonly path: string | null
  readonly hosted?: Checkpoint['hosted']
  readonly heldOutLoss?: readonly LossPoint[]
  readonly steps: number
  readonly tokens: number
  /** Over all attempts. */
  readonly seconds: number
  readonly loss: readonly LossPoint[]
  readonly hardware: Readonly<Record<string, unknown>>
  readonly versions: Readonly<Record<string, string>>
}

/** Trains: TRL here; slime, LLaMA-Factory and hosted services beside it. */
export interface TrainingEngine {
  readonly name: string
  check(job: TrainingJob): Promise<Result<EngineCheck>>
  /** What the run will do. Refuses a recipe that the engine cannot follow: `recipe.unsupported`. */
  plan(job: TrainingJob): Promise<Result<TrainingPlan>>
  /** Writes the files that the engine reads, which a person can run alone; returns their paths. */
  prepare(job: TrainingJob): Promise<Result<readonly string[]>>
  /** Trains what {@link prepare} wrote, from the last complete checkpoint where there is one. */
  run(job: TrainingJob, options: TrainingOptions): Promise<Result<TrainedModel>>
  /**
   * Ends work that goes on where no process of this machine follows it, as a job on a cluster does; false where nothing was at work.
   * Absent where the work never outlives the process that {@link run}s it.
   */
  stop?(folder: string): Promise<Result<boolean>>
  /** Removes what only resuming needs; called once the run's manifest is written. */
  clean(job: TrainingJob): Promise<void>
}
