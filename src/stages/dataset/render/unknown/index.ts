/** What the assistant emitted by a chat template of no known family, proved by rendering again. */
export { markUnknown } from './mark.js'
export { renderUnknown } from './render.js'
