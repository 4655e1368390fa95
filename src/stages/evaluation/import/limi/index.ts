/** Evaluations of limi's own: their folder, or the archive that `limi eval export --format limi` writes. */
export { limi } from './importer.js'
