/** What proves who asks never reaches a file. */
export { redactCommand, secretsOf } from './command.js'
export { redactDocument } from './document.js'
export { redactHeaders, redactUrl, type HeaderPairs } from './head.js'
export { scrub, Scrubber, scrubText } from './scrubber.js'
export { Secrets } from './secrets.js'
