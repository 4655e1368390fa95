import type { Message } from '../../../../nouns/index.js'
import { omit } from '../omit.js'
import { fieldsIn, isFields, textIn, type Fields } from '../values.js'
import { contentOf, isOfAgent, partsOf, textsOf } from './content.js'
import type { Item } from './item.js'

const OUTPUT = /_output$/

export const isOutput = ({ payload }: Item): boolean => OUTPUT.test(textIn(payload, 'type') ?? '')

/** What a tool gave back: text, parts, or before 2026 also `{content, success}`. */
export function outputFrom({ payload, time, more }: Item, id: string): Message {
  const { output } = payload
  const object = fieldsIn(payload, 'output')
  const text = typeof output === 'string' ? output : textIn(object, 'content')
  const content = text ?? (Array.isArray(output) ? contentOf(partsOf(output)) : '')
  const isWhole = typeof output === 'string' || Array.isArray(output)
  const left = isFields(output) ? omit(output, ...(text === undefined ? [] : ['content'])) : output
  const rest = isWhole ? {} : { output: left }
  const call = textIn(payload, 'call_id')
  const held = ['type', 'output', ...(call === undefined ? [] : ['call_id'])]
  return {
    id,
    role: 'tool',
    origin: 'tool',
    ...(time === undefined ? {} : { time }),
    content,
    ...(call === undefined ? {} : { toolCallId: call }),
    ...(typeof object['success'] === 'boolean' ? { isError: !object['success'] } : {}),
    extra: { codex: { type: payload['type'], ...omit(payload, ...held), ...rest, ...more } },
  }
}

/** A message of a person, of the developer or of the agent program. `developer` is OpenAI's name for the system's later words. */
export function turnFrom({ payload, time, more }: Item, id: string): Message {
  const role = textIn(payload, 'role')
  const isSystem = role === 'developer' || role === 'system'
  const content = contentOf(partsOf(payload['content']))
  const texts = textsOf(content)
  const isAgent = isSystem || role !== 'user' || (texts.length > 0 && texts.every(isOfAgent))
  const held = [
    ...(payload['type'] === 'message' ? ['type'] : []),
    ...(role === 'user' || role === 'system' ? ['role'] : []),
    ...(typeof payload['content'] === 'string' || Array.isArray(payload['content']) ? ['content'] : []),
  ]
  const rest = { ...omit(payload, ...held), ...more }
  return {
    id,
    role: isSystem ? 'system' : 'user',
    origin: isAgent ? 'agent' : 'human',
    ...(time === undefined ? {} : { time }),
    content,
    ...(Object.keys(rest).length === 0 ? {} : { extra: { codex: rest } }),
  }
}

/** The instructions that come with every request of a session. */
export const instructionsIn = (meta: Fields): string | undefined => textIn(fieldsIn(meta, 'base_instructions'), 'text')

/** What the program tells the model of a turn that was broken off. */
export const saysAborted = ({ payload }: Item): boolean =>
  payload['role'] === 'user' &&
  textsOf(contentOf(partsOf(payload['content']))).some((text) => text.trimStart().startsWith('<turn_aborted>'))

/** What is told of a session besides the instructions, which are its first message. */
export const withoutInstructions = (meta: Fields): Fields => {
  const base = meta['base_instructions']
  if (!isFields(base) || typeof base['text'] !== 'string') return meta
  return { ...meta, base_instructions: omit(base, 'text') }
}
