/** Evaluations in forms that other tools read. */
export { writeInspectLog, type NotCarried, type TrialConversation } from './inspect/index.js'
export { writeLimiArchive } from './limi.js'
export { exportSource, type ExportSource } from './source.js'
