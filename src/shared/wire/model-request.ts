import type { Message, Origin, Role } from '../../nouns/index.js'
import type { ModelRequest } from '../models/index.js'
import type { WireDialect, WireMessage, WireRequest } from './dialect.js'

const ORIGINS: Readonly<Record<Role, Origin>> = { system: 'agent', user: 'human', assistant: 'model', tool: 'tool' }

const messageFrom = (message: WireMessage, at: number): Message => ({
  ...message,
  id: `m${at + 1}`,
  origin: ORIGINS[message.role],
})

/** A request as a model of ours is asked. */
export function modelRequest(dialect: WireDialect, wire: WireRequest): ModelRequest {
  const { messages = wire.messages, ...asked } = dialect.asked(wire)
  return { ...asked, messages: messages.map(messageFrom) }
}
