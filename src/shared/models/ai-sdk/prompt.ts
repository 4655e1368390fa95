import type {
  LanguageModelV3FilePart,
  LanguageModelV3FunctionTool,
  LanguageModelV3Message,
  LanguageModelV3Prompt,
  LanguageModelV3ReasoningPart,
  LanguageModelV3TextPart,
  LanguageModelV3ToolCallPart,
  LanguageModelV3ToolResultPart,
} from '@ai-sdk/provider'
import { FailureError, type Message, type ToolCall, type ToolSpec } from '../../../nouns/index.js'
import { sendable, type Sendable } from './parts.js'

export interface PromptOptions {
  /** How a past call's arguments go back to the provider: as their exact `text`, or as the `value` that they parse to. */
  readonly callArguments: 'text' | 'value'
  /** What a tool's result may hold: `text` alone, or `files` too. */
  readonly results: 'text' | 'files'
}

export interface Prompt {
  readonly prompt: LanguageModelV3Prompt
  /** What stands elsewhere than it was said. */
  readonly warnings: readonly string[]
}

/**
 * A conversation as the AI SDK takes it. Files of a result that may hold text alone follow in the user's next message. A part that is
 * neither text nor a file that can be sent is `model.part-unsupported`.
 */
export function toPrompt(messages: readonly Message[], options: PromptOptions): Prompt {
  const toolNames = new Map(messages.flatMap(({ toolCalls }) => (toolCalls ?? []).map((call) => [call.id, call.name])))
  const prompt: LanguageModelV3Message[] = []
  const warnings: string[] = []
  let moved: readonly LanguageModelV3FilePart[] = []
  for (const message of messages) {
    if (message.role === 'tool') {
      const { output, files } = toOutput(message, options)
      prompt.push({ role: 'tool', content: [toResult(message, toolNames, output)] })
      if (files.length > 0) warnings.push(movedFrom(message, files.length))
      moved = [...moved, ...files]
    } else if (message.role === 'user') {
      prompt.push({ role: 'user', content: [...moved, ...toParts(message)] })
      moved = []
    } else {
      if (moved.length > 0) prompt.push({ role: 'user', content: [...moved] })
      moved = []
      prompt.push(
        message.role === 'system' ? { role: 'system', content: onlyText(message) } : toAnswer(message, options),
      )
    }
  }
  if (moved.length > 0) prompt.push({ role: 'user', content: [...moved] })
  return { prompt, warnings }
}

const movedFrom = ({ toolCallId, id }: Message, files: number): string =>
  `${files === 1 ? 'a file' : `${files} files`} of the result of ${toolCallId ?? id} went into a message of the user's after it: results hold text alone here`

const toAnswer = (message: Message, { callArguments }: PromptOptions): LanguageModelV3Message => ({
  role: 'assistant',
  content: [
    ...reasoningOf(message),
    ...textParts(onlyText(message)),
    ...(message.toolCalls ?? []).map((call) => toCall(call, callArguments)),
  ],
})

export function toTools(tools: readonly ToolSpec[]): LanguageModelV3FunctionTool[] {
  return tools.map(({ name, description, parameters }) => ({
    type: 'function',
    name,
    ...(description === undefined ? {} : { description }),
    inputSchema: parameters ?? { type: 'object', properties: {} },
  }))
}

const textParts = (text: string): LanguageModelV3TextPart[] => (text === '' ? [] : [{ type: 'text', text }])

/** What the provider needs to recognise its own reasoning: under each provider's key, since each reads only its own. */
function reasoningOf({ reasoning }: Message): LanguageModelV3ReasoningPart[] {
  if (reasoning === undefined) return []
  const { text, kind, signature } = reasoning
  if (signature === undefined) return text === undefined ? [] : [{ type: 'reasoning', text }]
  const anthropic: Record<string, string> = kind === 'hidden' ? { redactedData: signature } : { signature }
  const providerOptions = { anthropic, google: { thoughtSignature: signature } }
  return [{ type: 'reasoning', text: text ?? '', providerOptions }]
}

/** Servers, providers and chat templates refuse or replace past arguments that are no object: such text goes in one that shows it. */
function toCall(call: ToolCall, callArguments: PromptOptions['callArguments']): LanguageModelV3ToolCallPart {
  const value = objectIn(call.arguments)
  const text = value === null ? JSON.stringify({ unparsed: call.arguments }) : call.arguments
  const input = callArguments === 'text' ? text : (value ?? { unparsed: call.arguments })
  return { type: 'tool-call', toolCallId: call.id, toolName: call.name, input }
}

function objectIn(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && !Array.isArray(value) ? value : null
  } catch {
    return null
  }
}

function toResult(
  message: Message,
  toolNames: ReadonlyMap<string, string>,
  output: Output,
): LanguageModelV3ToolResultPart {
  const toolCallId = message.toolCallId ?? ''
  return { type: 'tool-result', toolCallId, toolName: toolNames.get(toolCallId) ?? 'unknown', output }
}

type Output = LanguageModelV3ToolResultPart['output']

/** What a result shows, and what files it cannot: the AI SDK marks an error in text alone. */
function toOutput(message: Message, { results }: PromptOptions): { output: Output; files: LanguageModelV3FilePart[] } {
  const parts = toParts(message)
  const files = parts.filter((part) => part.type === 'file')
  if (files.length > 0 && results === 'files' && message.isError !== true)
    return { output: { type: 'content', value: parts.map(toResultPart) }, files: [] }
  const value = parts.map((part) => (part.type === 'text' ? part.text : '')).join('')
  return { output: { type: message.isError === true ? 'error-text' : 'text', value }, files }
}

type ResultPart = Extract<Output, { type: 'content' }>['value'][number]

function toResultPart(part: Sendable): ResultPart {
  if (part.type === 'text') return { type: 'text', text: part.text }
  const { data, mediaType } = part
  const isImage = mediaType.startsWith('image/')
  if (data instanceof URL) return { type: isImage ? 'image-url' : 'file-url', url: data.href }
  const text = typeof data === 'string' ? data : Buffer.from(data).toString('base64')
  return { type: isImage ? 'image-data' : 'file-data', data: text, mediaType }
}

function toParts({ id, content }: Message): Sendable[] {
  if (typeof content === 'string') return [{ type: 'text', text: content }]
  return content.map((part) => sendable(part) ?? unsendable(id, part.type))
}

function onlyText(message: Message): string {
  if (typeof message.content === 'string') return message.content
  return message.content
    .map((part) => {
      const sent = sendable(part)
      return sent?.type === 'text' ? sent.text : unsendable(message.id, part.type)
    })
    .join('')
}

function unsendable(id: string, type: string): never {
  throw new FailureError({
    kind: 'input',
    code: 'model.part-unsupported',
    message: `message ${id} has a part of type ${JSON.stringify(type)}, which cannot be sent`,
    where: id,
    remedy: 'send text, and images or documents in messages of the user and of tools',
  })
}
