import type { AddressInfo } from 'node:net'
import { done, failed, type Failure, type Result } from '../../../nouns/index.js'
import type { ChatModel } from '../../models/index.js'
import type { ModelAppOptions } from './app.js'
import { isLoopback } from './guard.js'

export interface ServeModelOptions extends ModelAppOptions {
  /** A free one where not given. */
  readonly port?: number
  /** What to listen on; the loopback where not given. */
  readonly host?: string
}

export interface ServedModel {
  /** For example `http://127.0.0.1:41234/v1`. */
  readonly baseUrl: string
  readonly modelName: string
  /** Ends the responses that are still under way. */
  close(): Promise<void>
}

/**
 * Serves a model over HTTP. Failures: `model.port` where the port is taken or not allowed, `serve.open` where other
 * machines could ask without a key.
 */
export async function serveModel(model: ChatModel, options: ServeModelOptions = {}): Promise<Result<ServedModel>> {
  const { port = 0, host = '127.0.0.1', ...app } = options
  if (!isLoopback(host) && app.apiKey === undefined) return failed(open(host))
  // Loaded where a model is served: every other command that names a model would load a web framework too.
  const [{ createAdaptorServer }, { modelApp }] = await Promise.all([import('@hono/node-server'), import('./app.js')])
  const server = createAdaptorServer({ fetch: modelApp(model, app).fetch })
  const problem = await new Promise<Error | null>((resolve) => {
    server.once('error', resolve)
    server.listen(port, host, () => resolve(null))
  })
  if (problem !== null) {
    return failed({
      kind: 'input',
      code: 'model.port',
      message: problem.message,
      where: `${host}:${port}`,
      remedy: 'choose another port, or none to get a free one',
    })
  }
  return done({
    baseUrl: `http://${host.includes(':') ? `[${host}]` : host}:${(server.address() as AddressInfo).port}/v1`,
    modelName: model.name,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        if ('closeAllConnections' in server) server.closeAllConnections()
      }),
  })
}

const open = (host: string): Failure => ({
  kind: 'input',
  code: 'serve.open',
  message: `${host} can be reached from other machines, and no key protects the model`,
  where: host,
  remedy: 'put a key into an environment variable and name it with --api-key-env, or leave --host out',
})
