// A model's API that takes no time: JSON, or 200 server-sent events, each written by itself. What it says is made from the request's digest.
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'

export const EVENTS = 200

/** The bytes that a request is answered with. */
export function answerTo(body, stream) {
  const id = createHash('sha256').update(body).digest('hex')
  const head = { id: `chatcmpl-${id.slice(0, 24)}`, created: 1, model: 'm' }
  const usage = { prompt_tokens: 1, completion_tokens: EVENTS, total_tokens: EVENTS + 1 }
  if (!stream) {
    const message = { role: 'assistant', content: `answer ${id}` }
    const choices = [{ index: 0, message, finish_reason: 'stop' }]
    return [JSON.stringify({ ...head, object: 'chat.completion', choices, usage })]
  }
  const chunk = (delta, finish = null) =>
    `data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`
  const words = Array.from({ length: EVENTS - 2 }, (_, at) => chunk({ content: `${id.slice(0, 8)}-${at} ` }))
  return [chunk({ role: 'assistant', content: '' }), ...words, `${chunk({}, 'stop')}data: [DONE]\n\n`]
}

if (process.argv[2] === 'serve') {
  const server = createServer({ keepAliveTimeout: 600_000 }, (request, response) => {
    const chunks = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', () => answer(Buffer.concat(chunks), response))
  })
  server.listen(0, '127.0.0.1', () => console.log(server.address().port))
}

function answer(body, response) {
  const stream = body.includes('"stream":true') || body.includes('"stream": true')
  const parts = answerTo(body, stream)
  if (!stream) {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(parts[0]) })
    return response.end(parts[0])
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const next = (at) => {
    if (at === parts.length) return response.end()
    response.write(parts[at])
    setImmediate(next, at + 1)
  }
  next(0)
}
