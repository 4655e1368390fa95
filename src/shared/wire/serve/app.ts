import { Hono, type Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { ChatModel } from '../../models/index.js'
import { chatCompletions } from '../chat-completions/index.js'
import type { WireDialect } from '../dialect.js'
import { messages } from '../messages/index.js'
import { dialectAt } from '../registry.js'
import { answer } from './answer.js'
import { guard } from './guard.js'
import { fault, NO_COUNTING, noSuchPlace, tooLarge, unknownModel } from './problems.js'
import { reply } from './reply.js'

const MAX_REQUEST_BYTES = 64 * 1024 * 1024

export interface ModelAppOptions {
  /** What a client must send as its key. Where there is none, any key is taken, and web pages of other hosts are refused. */
  readonly apiKey?: string
  /** One line a response, and one for each thing that a model or a request had odd. */
  readonly log?: (line: string) => void
}

/** A model as a web application, in every dialect at the dialect's own paths; `/health` beside them. */
export function modelApp(model: ChatModel, options: ModelAppOptions = {}): Hono {
  const app = new Hono()
  const log = options.log ?? (() => undefined)
  app.get('/health', (context) => context.json({ status: 'ok' }))
  app.use('*', guard(options.apiKey, dialectOf))
  app.use(
    '*',
    bodyLimit({
      maxSize: MAX_REQUEST_BYTES,
      onError: (context) => reply(context, dialectOf(context), tooLarge(MAX_REQUEST_BYTES)),
    }),
  )
  app.all('*', (context) => {
    const { dialect, operation } = placeOf(context) ?? {}
    if (dialect === undefined || operation === undefined)
      return reply(context, chatCompletions, noSuchPlace(context.req.path))
    switch (operation.kind) {
      case 'models':
        return modelsOf(context, dialectOf(context), model.name, operation.model)
      case 'count-tokens':
        return reply(context, dialect, NO_COUNTING)
      case 'generate':
        return answer(context, dialect, operation, model, log)
    }
  })
  app.onError((error, context) => reply(context, dialectOf(context), fault(error)))
  return app
}

function modelsOf(context: Context, dialect: WireDialect, name: string, one: string | undefined): Response {
  if (one !== undefined && one !== name) return reply(context, dialect, unknownModel(one, name))
  return context.json(dialect.models([name], one) as object)
}

const placeOf = ({ req }: Context) => dialectAt(req.method, req.path, new URL(req.url).search.slice(1))

/** Two dialects list models at one path; a client of Anthropic's says which version of its API it speaks. */
function dialectOf(context: Context): WireDialect {
  const place = placeOf(context)
  const isAnthropic = place?.operation.kind === 'models' && context.req.header('anthropic-version') !== undefined
  return isAnthropic ? messages : (place?.dialect ?? chatCompletions)
}
