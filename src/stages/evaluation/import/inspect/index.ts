/** Logs of Inspect AI: `.eval` archives and `.json` documents. */
export { inspect } from './importer.js'
