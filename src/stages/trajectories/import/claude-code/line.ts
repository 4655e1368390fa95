import { Content } from '../anthropic-messages/index.js'
import { omit } from '../omit.js'
import { isFields, type Fields } from '../values.js'

/** One line of a session, whatever it holds. */
export type Line = Fields

/** A line with a message of the Messages API. */
export interface MessageLine extends Line {
  readonly type: 'user' | 'assistant'
  readonly uuid: string
  readonly message: Line & { readonly content: Content }
}

export const textOf = (line: Line, key: string): string | undefined =>
  typeof line[key] === 'string' && line[key] !== '' ? line[key] : undefined

export function isMessageLine(line: Line): line is MessageLine {
  if (line['type'] !== 'user' && line['type'] !== 'assistant') return false
  if (textOf(line, 'uuid') === undefined || !isFields(line['message'])) return false
  const content = line['message']['content']
  return content !== undefined && content !== null && Content.safeParse(content).success
}

/** The id that all lines of one answer of the API share. */
export const apiIdOf = (line: MessageLine): string => textOf(line.message, 'id') ?? line.uuid

/** Whether a line brings results of tools. */
export const hasResults = ({ message: { content } }: MessageLine): boolean =>
  Array.isArray(content) && content.some((block) => typeof block !== 'string' && block.type === 'tool_result')

/** Fields that nearly every line repeats: the session's own, from where only another value is told again. */
const OF_SESSION = ['sessionId', 'cwd', 'version', 'gitBranch', 'userType', 'entrypoint', 'slug', 'isSidechain']

export const sessionOf = (line: Line): Line =>
  Object.fromEntries(OF_SESSION.flatMap((key) => (line[key] === undefined ? [] : [[key, line[key]]])))

/** What a message's own fields do not hold of its line. */
export function restOf(line: Line, session: Line, ...held: string[]): Record<string, unknown> {
  const known = OF_SESSION.filter((key) => line[key] === session[key])
  const time = textOf(line, 'timestamp') === undefined ? [] : ['timestamp']
  return omit(line, 'type', 'uuid', 'message', ...known, ...time, ...held)
}
