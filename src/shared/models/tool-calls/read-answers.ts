import { randomUUID } from 'node:crypto'
import type { ChatModel, ModelEvent, ModelRequest } from '../model.js'
import type { Piece } from './format.js'
import type { Dialect } from './recognise.js'

/**
 * A model whose server gives raw text, read by its family's format. Tools that its chat template does not show are left
 * out with a warning. Where the text is more than the content, it comes whole in a `raw` event before the end.
 */
export function readAnswers(model: ChatModel, dialect: Dialect): ChatModel {
  return {
    name: model.name,
    async *stream(request: ModelRequest, signal?: AbortSignal): AsyncGenerator<ModelEvent> {
      for (const text of warningsFor(request, dialect)) yield { type: 'warning', text }
      const asked = dialect.takesTools ? request : { ...request, tools: [] }
      yield* readStream(model.stream(asked, signal), asked, dialect)
    },
  }
}

async function* readStream(
  stream: AsyncIterable<ModelEvent>,
  { tools }: ModelRequest,
  { format, startsInReasoning }: Dialect,
): AsyncGenerator<ModelEvent> {
  const reader = format.open({ tools, startsInReasoning })
  const seen = { raw: '', content: '', calls: 0 }
  const spoken = (pieces: readonly Piece[]): ModelEvent[] =>
    pieces.map((piece) => {
      if (piece.type === 'text') seen.content += piece.text
      if (piece.type === 'toolCall') seen.calls += 1
      return asEvent(piece)
    })
  for await (const event of stream) {
    if (event.type === 'text') {
      seen.raw += event.text
      yield* spoken(reader.feed(event.text))
    } else if (event.type === 'stop') {
      yield* spoken(reader.end(event.reason))
      if (seen.raw !== seen.content) yield { type: 'raw', text: seen.raw }
      yield seen.calls > 0 && event.reason === 'stop' ? { type: 'stop', reason: 'tool-calls' } : event
    } else {
      if (event.type === 'failure') yield* spoken(reader.end('other'))
      yield event
    }
  }
}

function asEvent(piece: Piece): ModelEvent {
  if (piece.type === 'reasoning') return { ...piece, kind: 'full' }
  if (piece.type === 'toolCall')
    return { ...piece, id: piece.id ?? `call_${randomUUID().replaceAll('-', '').slice(0, 24)}` }
  return piece
}

function warningsFor({ messages, tools }: ModelRequest, { takesTools, format }: Dialect): readonly string[] {
  const warnings: string[] = []
  if (!takesTools && tools.length > 0) {
    const names = tools.map(({ name }) => name).join(', ')
    warnings.push(`the model's chat template has no place for tools: left out ${names}`)
  }
  const calls = messages.reduce((sum, { toolCalls }) => sum + (toolCalls?.length ?? 0), 0)
  if (!takesTools && calls > 0)
    warnings.push(`the model's chat template does not show the conversation's ${calls} tool calls`)
  if (takesTools && tools.length > 0 && !format.readsCalls) {
    warnings.push('how this model writes tool calls is not known here: its calls stand in the content')
  }
  return warnings
}
