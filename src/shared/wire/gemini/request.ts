import { done, type Result, type ToolSpec } from '../../../nouns/index.js'
import { field, isCount, isFields, omit, textIn, type Fields } from '../../json/index.js'
import type { ModelParams } from '../../models/index.js'
import type { Operation, WireMessage, WireRequest } from '../dialect.js'
import { noConversation, plainTools } from '../request-parts.js'
import { repeatedArguments } from '../shown-arguments.js'
import { idMaker, WaitingCalls } from './calls.js'
import { camel, partsIn } from './names.js'
import { draftsFrom, type Draft, type Part } from './parts.js'
import { isBuiltIn, toolsFrom } from './tools.js'

/** The body of `generateContent`, bare or as Code Assist wraps it. Failure: `wire.no-conversation`. */
export function readRequest(operation: Operation, body: unknown): Result<WireRequest> {
  if (!isFields(body)) return noConversation('body', 'is no object', ENDPOINT)
  const wrapped = wrappedIn(body)
  const inner = camel(wrapped ?? body)
  const contents = inner['contents']
  if (typeof contents !== 'string' && !Array.isArray(contents) && !isFields(contents))
    return noConversation('contents', 'are none', ENDPOINT)
  const model = operation.model ?? textIn(body, 'model')?.replace(/^models\//, '') ?? ''
  const rest = omit(wrapped ?? body, 'contents', 'systemInstruction', 'system_instruction', 'tools', 'model')
  return done({
    model,
    stream: operation.kind === 'generate' && operation.stream === true,
    ...(operation.kind === 'generate' && operation.list === true ? { list: true } : {}),
    messages: [
      ...systemIn(inner['systemInstruction'], model),
      ...conversation([contents].flat(), model, wrapped !== null),
    ],
    tools: toolsFrom(inner['tools']),
    params: wrapped === null ? rest : { ...omit(body, 'model', 'request'), request: rest },
    wantsSchema: wantsSchema(camel(inner['generationConfig'])),
  })
}

const wrappedIn = (body: Fields): Fields | null =>
  isFields(body['request']) && body['contents'] === undefined ? body['request'] : null

/** Whether a request came as Code Assist wraps it; its answer is wrapped too. */
export const isWrapped = ({ params }: WireRequest): boolean => isFields(params['request'])

const ENDPOINT = 'generateContent'

const wantsSchema = ({ responseSchema, responseJsonSchema, responseMimeType }: Fields): boolean =>
  [responseSchema, responseJsonSchema].some((one) => one !== undefined && one !== null) ||
  responseMimeType === 'application/json'

const reader = () => ({
  argumentsOf: ({ args }: { args?: unknown }) => repeatedArguments(args),
  callId: idMaker(),
  textOf,
})

/** A request repeats what was said as values: their text is made again. */
const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

function systemIn(instruction: unknown, model: string): readonly WireMessage[] {
  const parts = partsIn(instruction)
  return parts.length === 0
    ? []
    : draftsFrom('user', parts, model, reader()).map((draft) => placed({ ...draft, role: 'system' }, {}))
}

function conversation(contents: readonly unknown[], model: string, isCodeAssist: boolean): readonly WireMessage[] {
  const waiting = new WaitingCalls()
  return contents.flatMap((content) => {
    const role = textIn(content, 'role')
    const given = partsIn(content)
    const parts = isCodeAssist ? given.map(withThought) : given
    const isList = isFields(content) && content['parts'] !== undefined
    const rest = isList ? { ...omit(content, 'parts', 'role'), ...(ROLES.includes(role) ? {} : { role }) } : {}
    const drafts = draftsFrom(role === 'model' ? 'model' : 'user', parts, model, reader())
    for (const draft of drafts) waiting.add(draft)
    return drafts.map((draft) => placed(draft.role === 'tool' ? waiting.answer(draft) : draft, rest))
  })
}

const ROLES: readonly unknown[] = ['user', 'model', 'function', undefined]

const placed = ({ gemini, ...message }: Draft, rest: Fields): WireMessage => {
  const beside = { ...gemini, ...(Object.keys(rest).length === 0 ? {} : { rest }) }
  return { ...message, ...(Object.keys(beside).length === 0 ? {} : { extra: { gemini: beside } }) }
}

/** Gemini CLI sends Code Assist its thoughts as text with this mark (google-gemini/gemini-cli, code_assist/converter.ts). */
const THOUGHT = /(?:^|\n)\[Thought: true\]$/

const withThought = (part: Part): Part =>
  typeof part.text === 'string' && THOUGHT.test(part.text)
    ? { ...part, text: part.text.replace(THOUGHT, ''), thought: true }
    : part

const configOf = ({ params }: WireRequest): Fields =>
  camel(camel(isFields(params['request']) ? params['request'] : params)['generationConfig'])

/** The functions of the agent, and the parameters that models know. */
export function asked(request: WireRequest): { tools: readonly ToolSpec[]; params: ModelParams } {
  const { maxOutputTokens, temperature, seed, stopSequences: stop } = configOf(request)
  return {
    tools: plainTools(request.tools.filter((tool) => !isBuiltIn(tool))),
    params: {
      ...(isCount(maxOutputTokens) && maxOutputTokens > 0 ? { maxTokens: maxOutputTokens } : {}),
      ...(typeof temperature === 'number' ? { temperature } : {}),
      ...(Number.isSafeInteger(seed) ? { seed: seed as number } : {}),
      ...(Array.isArray(stop) && stop.length > 0 ? { stop: stop.filter((one) => typeof one === 'string') } : {}),
    },
  }
}

/** Settings that are followed, or say nothing to the model. */
const FOLLOWED: readonly string[] = ['maxOutputTokens', 'temperature', 'seed', 'stopSequences']
const UNSEEN: readonly string[] = ['generationConfig', 'labels', 'safetySettings', 'sessionId']

/** What of a request only Google's models follow. */
export function unfollowed(request: WireRequest): readonly string[] {
  const { params, tools } = request
  const config = configOf(request)
  const inner = camel(isFields(params['request']) ? params['request'] : params)
  const set = Object.keys(config).filter((name) => !FOLLOWED.includes(name) && !isDefault(name, config[name]))
  const others = Object.keys(inner).filter((name) => !UNSEEN.includes(name) && !isDefault(name, inner[name]))
  return [
    ...tools.filter(isBuiltIn).map(({ name }) => `the tool ${name} is one that Google runs: it is not offered`),
    ...set.map((name) => `generationConfig.${name} has no effect on this model`),
    ...others.map((name) => `${name} has no effect on this model`),
  ]
}

function isDefault(name: string, value: unknown): boolean {
  if (value === null || value === undefined) return true
  if (name === 'toolConfig') return field(camel(camel(value)['functionCallingConfig']), 'mode') === 'AUTO'
  return (name === 'topP' || name === 'candidateCount') && value === 1
}
