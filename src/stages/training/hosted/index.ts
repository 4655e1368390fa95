/** A service with OpenAI's fine-tuning endpoints as an engine. */
export { hostedEngine, type HostedTrainingOptions } from './engine.js'
