/** Anthropic Messages: bodies and responses of its API. */
export { assistantPiece, userPieces, type Piece } from './blocks.js'
export { anthropicMessages } from './importer.js'
export { Content } from './record.js'
