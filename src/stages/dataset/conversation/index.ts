/** From a trajectory to the messages that a chat template takes. */
export type { ChatMessage, ChatToolCall, Conversation, ConversationMessage, ToolDefinition } from './chat.js'
export { toConversation } from './convert.js'
export { ExactJson } from './exact-json.js'
export { parseArguments } from './lossless.js'
export { onModelMessages, stretchesOf, trainsIn, type Stretch, type Threads, type TrainingRule } from './main-line.js'
