/** The languages that agents speak to models, read and written, both sides. */
export type * from './dialect.js'
export {
  draftsFrom as geminiDrafts,
  resultFrom as geminiResult,
  usageFrom as geminiUsage,
  type Draft as GeminiDraft,
} from './gemini/index.js'
export {
  assistantMessage,
  toolFrom as anthropicTool,
  usageFrom as anthropicUsage,
  userMessages,
  type BlockReader,
} from './messages/index.js'
export { modelRequest } from './model-request.js'
export { reasoningKind } from './reasoning-kind.js'
export { dialectAt } from './registry.js'
export { stopReason } from './stop-reason.js'
export { serveModel, type ServedModel } from './serve/index.js'
export { failureOf, NO_COUNTING, noSuchPlace, tooLarge } from './serve/problems.js'
export { speakerOf } from './serve/speaker.js'
export { spokenAnswer, type SpokenAnswer } from './serve/spoken-answer.js'
