/** Agents that speak the Agent Client Protocol, version 1: limi is their client, and serves files and terminals of the sandbox. */
export { acpConversation } from './conversation.js'
