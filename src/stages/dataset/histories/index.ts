/** What the model had before it when it spoke: beginnings of a conversation in which each message trains as it was said. */
export { certifyByShape, renderEach, type Certify } from './certificate.js'
export type { Place } from './places.js'
export { showHistory } from './show.js'
export { splitHistories, type History } from './split.js'
