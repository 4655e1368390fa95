/** LLaMA-Factory as an engine: its own YAML, pre-tokenised data, its own command. */
export { llamafactoryEngine, type LlamafactoryOptions } from './engine.js'
