/** The languages that agents speak to models, read and written, both sides. */
export type * from './dialect.js'
export {
  assistantMessage,
  toolFrom as anthropicTool,
  usageFrom as anthropicUsage,
  userMessages,
  type BlockReader,
} from './messages/index.js'
export { reasoningKind } from './reasoning-kind.js'
export { dialectAt, DIALECTS } from './registry.js'
export { stopReason } from './stop-reason.js'
