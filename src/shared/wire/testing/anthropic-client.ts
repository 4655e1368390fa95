import { officialClient } from './clients.js'

/** A message as the official client gives it. */
export interface ClientMessage {
  readonly id: string
  readonly model: string
  readonly content: readonly Readonly<Record<string, unknown>>[]
  readonly stop_reason: string | null
  readonly usage: Readonly<Record<string, unknown>>
}

interface Client {
  readonly messages: {
    create(body: object): Promise<ClientMessage>
    stream(body: object): { finalMessage(): Promise<ClientMessage> }
  }
}

type Constructor = new (options: object) => Client

const BODY = { model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'hi' }] }

/** Asks the official client, to which a server answers with a body; null where it is not installed. */
export function anthropicClient(): null | {
  stream(body: string, status?: number): Promise<ClientMessage>
  whole(body: string, status?: number): Promise<ClientMessage>
} {
  const module = officialClient('@anthropic-ai/sdk') as { readonly Anthropic: Constructor } | null
  if (module === null) return null
  const client = (body: string, status: number, type: string): Client =>
    new module.Anthropic({
      ...{ apiKey: 'k', maxRetries: 0 },
      fetch: async () => Promise.resolve(new Response(body, { status, headers: { 'content-type': type } })),
    })
  return {
    stream: async (body, status = 200) =>
      client(body, status, 'text/event-stream').messages.stream(BODY).finalMessage(),
    whole: async (body, status = 200) => client(body, status, 'application/json').messages.create(BODY),
  }
}
