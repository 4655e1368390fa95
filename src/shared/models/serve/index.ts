/** Any model over HTTP, as OpenAI chat completions, for other programs. */
export { serveModel, type ServedModel, type ServeModelOptions } from './serve.js'
