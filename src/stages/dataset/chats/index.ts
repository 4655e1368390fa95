/** Conversations from a file of OpenAI's chat messages, rendered as a dataset would. */
export { readChats, type ReadChat } from './read.js'
export { renderChat, type RenderedChat } from './render.js'
