import type { LanguageModelV3 } from '@ai-sdk/provider'
import { FailureError } from '../../../nouns/index.js'
import type { ChatModel, ModelEvent, ModelRequest } from '../model.js'
import { failureEvent, type Place } from './failure.js'
import { toPrompt, toTools, type PromptOptions } from './prompt.js'
import { toEvents } from './stream.js'

export interface AiSdkOptions extends PromptOptions {
  readonly name: string
  readonly model: LanguageModelV3
  /** What failures name. */
  readonly place: Place
  /** What the provider's reasoning is: the model's own words, or a summary of them. */
  readonly reasoning: 'full' | 'summary'
}

export function aiSdkModel(options: AiSdkOptions): ChatModel {
  return {
    name: options.name,
    async *stream(request: ModelRequest, signal?: AbortSignal): AsyncGenerator<ModelEvent> {
      try {
        const { prompt, warnings } = toPrompt(request.messages, options)
        const { stream } = await options.model.doStream({ ...callOf(request), prompt, abortSignal: signal })
        for (const text of warnings) yield { type: 'warning', text }
        yield* toEvents(stream, options, signal)
      } catch (error) {
        yield error instanceof FailureError
          ? { type: 'failure', failure: error.failure, retryable: false }
          : failureEvent(error, options.place, signal)
      }
    },
  }
}

function callOf({ tools, params }: ModelRequest) {
  return {
    ...(tools.length === 0 ? {} : { tools: toTools(tools) }),
    ...(params.maxTokens === undefined ? {} : { maxOutputTokens: params.maxTokens }),
    ...(params.temperature === undefined ? {} : { temperature: params.temperature }),
    ...(params.seed === undefined ? {} : { seed: params.seed }),
    ...(params.stop === undefined ? {} : { stopSequences: [...params.stop] }),
  }
}
