/** Any model over HTTP, in every dialect, for other programs. */
export { serveModel, type ServedModel, type ServeModelOptions } from './serve.js'
