import type { Message } from '../../nouns/index.js'
import type { AgentContext } from '../agents/index.js'
import type { ChatModel, ModelEvent } from '../models/index.js'

/** The model, whose answers are told as they end: a program's calls are known to nobody else before its session is over. */
export function watchedModel(
  { model, watch }: Pick<AgentContext, 'model' | 'watch'>,
  roundNow: () => number,
): ChatModel {
  if (watch === undefined) return model
  return {
    name: model.name,
    async *stream(request, signal) {
      const answer = new Answer()
      try {
        for await (const event of model.stream(request, signal)) {
          answer.add(event)
          yield event
        }
      } finally {
        // Also of one that the program broke off: what it took is taken.
        watch({ type: 'message', thread: 'main', message: answer.message(roundNow(), model.name) })
      }
    },
  }
}

class Answer {
  #text = ''
  readonly #calls: NonNullable<Message['toolCalls']> = []
  #usage: { usage?: NonNullable<Message['call']>['usage'] } = {}

  add(event: ModelEvent): void {
    if (event.type === 'text') this.#text += event.text
    if (event.type === 'toolCall') this.#calls.push({ id: event.id, name: event.name, arguments: event.arguments })
    if (event.type === 'usage') this.#usage = { usage: event.usage }
  }

  message(round: number, model: string): Message {
    return {
      ...{ id: 'now', role: 'assistant', origin: 'model', content: this.#text, round },
      ...(this.#calls.length === 0 ? {} : { toolCalls: this.#calls }),
      call: { model, params: {}, ...this.#usage },
    }
  }
}
