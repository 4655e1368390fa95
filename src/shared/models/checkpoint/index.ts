/** A model folder served over the loopback. */
export type { Backend } from './backends.js'
export { serveCheckpoint, type ServedCheckpoint, type ServeOptions } from './serve.js'
