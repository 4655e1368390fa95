/** Fine-tuning: an engine-neutral job and recipe, one narrow interface, and the engines behind it. */
export { engineOfMade, readBegun, type Begun } from './begun.js'
export { licenceInCard, renderCard, sourcesOfCard } from './card.js'
export type {
  EngineCheck,
  TrainedModel,
  TrainingEngine,
  TrainingEvent,
  TrainingJob,
  TrainingOptions,
  TrainingPlan,
} from './engine.js'
export { isRepository, pushModel, type Pushed, type PushRequest } from './push/index.js'
export { loadRecipe, recipeNames } from './recipes.js'
export { engineOf } from './registry.js'
export { comparedEstimates } from './report.js'
export { statusOfRun, statusOfRuns, type RunStatus, type Worker } from './status.js'
export { readyCheckpoint, train, type TrainRequest } from './train.js'
export { trlEngine, type TrlOptions } from './trl/engine.js'
