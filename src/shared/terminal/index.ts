/** A person at a terminal: questions to them, and lines that are drawn anew. */
export { terminalOn, type Terminal } from './terminal.js'
export { liveLines, type LiveTerminal } from './live.js'
