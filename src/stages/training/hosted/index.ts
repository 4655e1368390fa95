/** A service with OpenAI's fine-tuning endpoints as an engine. */
export { noBaseUrl } from './failures.js'
export { hostedEngine, type HostedTrainingOptions } from './engine.js'
