/** Archives in the ZIP format: read by their directory, a member at a time in bounded memory; written as a stream. */
export { openZip, type Zip } from './open.js'
export { ZipWriter } from './write.js'
