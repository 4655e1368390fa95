/** The tokenizer and chat template of a model, without its weights. */
export type { HubAccess } from './hub.js'
export { locateTokenizer, type TokenizerFolder } from './locate-tokenizer.js'
