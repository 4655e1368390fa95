/** Anthropic Messages. */
export { assistantMessage, userMessages, type BlockReader } from './blocks.js'
export { toolFrom } from './tools.js'
export { usageFrom } from './usage.js'
