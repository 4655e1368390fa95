import type { ConversationMessage } from '../../conversation/index.js'
import type { Finder } from './lines.js'

const finding =
  (code: string, isOne: (message: ConversationMessage) => boolean): Finder =>
  ({ messages }) => {
    const count = messages.filter(isOne).length
    return count === 0 ? null : { code, messages: count }
  }

const isSaid = ({ chat }: ConversationMessage): boolean => chat.role === 'assistant'

/** Assistant messages that are context alone, in a format that has no place to say so. */
export const contextTrains = finding('context-trains', (message) => isSaid(message) && !message.trains)

/** An engine that tokenises a message itself ends it with a stop token, and trains that too. */
export const stopTrains = finding('stop-trains', ({ trains, stopped }) => trains && !stopped)

const reasons = (message: ConversationMessage): boolean => isSaid(message) && Boolean(message.chat.reasoning_content)

export const reasoningLeftOut = finding('reasoning-left-out', reasons)

export const reasoningInContent = finding('reasoning-in-content', reasons)
