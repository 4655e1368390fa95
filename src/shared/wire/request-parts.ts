import { failed, type ToolSpec } from '../../nouns/index.js'
import type { WireProblem } from './dialect.js'

/** A body that is no conversation. @param endpoint that takes one, as `POST /v1/messages` */
export const noConversation = (where: string, what: string, endpoint: string) =>
  failed({
    kind: 'input',
    code: 'wire.no-conversation',
    message: `${where} ${what}`,
    where,
    remedy: `send a body of ${endpoint}`,
  })

/** Tools as any model is offered them, without what their dialect says besides. */
export const plainTools = (tools: readonly ToolSpec[]): ToolSpec[] =>
  tools.map(({ name, description, parameters }) => ({
    name,
    ...(description === undefined ? {} : { description }),
    ...(parameters === undefined ? {} : { parameters }),
  }))

/** An error's message where the error has no field for what it is about: that stands before it. */
export function namedMessage({ message, param }: WireProblem): string {
  const isNamed = param === undefined || param === null || param === '' || message.startsWith(param)
  return isNamed ? message : `${param}: ${message}`
}
