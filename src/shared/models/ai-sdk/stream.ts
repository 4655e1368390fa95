import type { LanguageModelV3StreamPart, LanguageModelV3Usage, SharedV3ProviderMetadata } from '@ai-sdk/provider'
import type { Usage } from '../../../nouns/index.js'
import type { ModelEvent } from '../model.js'
import { failureEvent, type Place } from './failure.js'

interface StreamOptions {
  readonly place: Place
  readonly reasoning: 'full' | 'summary'
}

/** The parts of a response as events, in order; ends with one `stop` or `failure`. */
export async function* toEvents(
  stream: ReadableStream<LanguageModelV3StreamPart>,
  options: StreamOptions,
  signal: AbortSignal | undefined,
): AsyncGenerator<ModelEvent> {
  for await (const part of stream) {
    if (part.type === 'error') {
      yield failureEvent(part.error, options.place, signal)
      return
    }
    yield* eventsOf(part, options)
  }
}

/** Text boundaries, pieces of a call that comes whole later, metadata and sources say nothing of the response itself. */
function* eventsOf(part: LanguageModelV3StreamPart, options: StreamOptions): Generator<ModelEvent> {
  if (part.type === 'stream-start') {
    for (const warning of part.warnings) yield { type: 'warning', text: warningText(warning), ...parameterOf(warning) }
  } else if (part.type === 'text-delta' && part.delta !== '') {
    yield { type: 'text', text: part.delta }
  } else if (part.type === 'reasoning-start' || part.type === 'reasoning-delta' || part.type === 'reasoning-end') {
    yield* reasoningEvents(part, options)
  } else if (part.type === 'tool-call') {
    yield { type: 'toolCall', id: part.toolCallId, name: part.toolName, arguments: part.input }
  } else if (part.type === 'finish') {
    yield* finishEvents(part)
  }
}

type ReasoningPart = Extract<LanguageModelV3StreamPart, { type: `reasoning-${string}` }>

function* reasoningEvents(part: ReasoningPart, options: StreamOptions): Generator<ModelEvent> {
  const text = part.type === 'reasoning-delta' ? part.delta : ''
  const hidden = metadataText(part.providerMetadata, 'redactedData')
  const signature =
    hidden ??
    metadataText(part.providerMetadata, 'signature') ??
    metadataText(part.providerMetadata, 'thoughtSignature')
  if (text === '' && signature === undefined) return
  const kind = hidden === undefined ? options.reasoning : 'hidden'
  yield { type: 'reasoning', text, kind, ...(signature === undefined ? {} : { signature }) }
}

function metadataText(metadata: SharedV3ProviderMetadata | undefined, key: string): string | undefined {
  for (const provider of Object.values(metadata ?? {})) {
    const value = provider[key]
    if (typeof value === 'string') return value
  }
  return undefined
}

function* finishEvents(part: Extract<LanguageModelV3StreamPart, { type: 'finish' }>): Generator<ModelEvent> {
  const usage = usageOf(part.usage)
  if (usage !== null) yield { type: 'usage', usage }
  const { unified } = part.finishReason
  yield { type: 'stop', reason: unified === 'error' ? 'other' : unified }
}

/** Null where the provider did not count. */
function usageOf({ inputTokens, outputTokens }: LanguageModelV3Usage): Usage | null {
  if (inputTokens.total === undefined || outputTokens.total === undefined) return null
  return {
    inputTokens: inputTokens.total,
    outputTokens: outputTokens.total,
    ...(inputTokens.cacheRead ? { cachedInputTokens: inputTokens.cacheRead } : {}),
    ...(outputTokens.reasoning ? { reasoningTokens: outputTokens.reasoning } : {}),
  }
}

type Warning = Extract<LanguageModelV3StreamPart, { type: 'stream-start' }>['warnings'][number]

/** What limi calls the AI SDK's settings on the wire. */
const PARAMETERS: Readonly<Record<string, string>> = {
  maxOutputTokens: 'max_tokens',
  temperature: 'temperature',
  seed: 'seed',
  stopSequences: 'stop',
}

/** A setting that the model does not take; anything else that a provider remarks names no parameter. */
function parameterOf(warning: Warning): { parameter?: string } {
  const parameter = warning.type === 'unsupported' ? PARAMETERS[warning.feature] : undefined
  return parameter === undefined ? {} : { parameter }
}

function warningText(warning: Warning): string {
  if (warning.type === 'other') return warning.message
  const details = warning.details === undefined ? '' : `: ${warning.details}`
  return `${warning.type}: ${warning.feature}${details}`
}
