/** What `limi record` kept of a session on the wire. */
export { recording } from './importer.js'
