/** Questions to a person at a terminal. */
export { terminalOn, type Terminal } from './terminal.js'
