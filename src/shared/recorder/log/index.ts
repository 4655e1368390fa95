/** What went over the wire, on disk: written as it comes, each long piece of a body once, and read back as exchanges. */
export { LOG_FILE, type CallEnd, type Piece, type TimedPiece } from './entry.js'
export { LogFault, readCalls, readLog, type RawCall } from './read.js'
export { pieceOf, WireLog } from './wire-log.js'
