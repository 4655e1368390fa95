import { Hono, type Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { ChatModel } from '../model.js'
import { complete } from './complete.js'
import { reply, unknownModel, wireError } from './errors.js'
import { guard } from './guard.js'

const MAX_REQUEST_BYTES = 64 * 1024 * 1024

export interface ModelAppOptions {
  /** What a client must send as its bearer token. Where there is none, any key is taken, and web pages of other hosts are refused. */
  readonly apiKey?: string
  /** One line a response, and one for each thing that a model or a request had odd. */
  readonly log?: (line: string) => void
}

/** A model as a web application: `/v1/chat/completions`, `/v1/models`, `/health`. OpenAI's API reference is the protocol. */
export function modelApp(model: ChatModel, options: ModelAppOptions = {}): Hono {
  const app = new Hono()
  const entry = { id: model.name, object: 'model', created: 0, owned_by: 'limi' }
  app.get('/health', (context) => context.json({ status: 'ok' }))
  app.use('/v1/*', guard(options.apiKey))
  app.get('/v1/models', (context) => context.json({ object: 'list', data: [entry] }))
  app.get('/v1/models/:id{.+}', (context) => {
    const id = context.req.param('id')
    return id === model.name ? context.json(entry) : reply(context, unknownModel(id, model.name))
  })
  app.post('/v1/chat/completions', bodyLimit({ maxSize: MAX_REQUEST_BYTES, onError: tooLarge }), (context) =>
    complete(context, model, options.log ?? (() => undefined)),
  )
  app.notFound((context) => reply(context, wireError(404, 'not_found', `There is no ${context.req.path} here.`)))
  app.onError((error, context) => reply(context, wireError(500, 'server_error', error.message)))
  return app
}

const tooLarge = (context: Context): Response =>
  reply(context, wireError(413, 'request_too_large', `A request may have ${MAX_REQUEST_BYTES} bytes.`))
