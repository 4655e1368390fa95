// A model's API that takes no time: JSON, or 200 server-sent events, each written by itself. What it says is made from the request's digest.
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'

export const EVENTS = 200

/** The pieces that a request is answered with, each written by itself. */
export function answerTo(path, body, stream) {
  const id = createHash('sha256').update(body).digest('hex')
  const words = Array.from({ length: EVENTS - 2 }, (_, at) => `${id.slice(0, 8)}-${at} `)
  return path.endsWith('/messages') ? messages(id, words, stream) : chatCompletions(id, words, stream)
}

function chatCompletions(id, words, stream) {
  const head = { id: `chatcmpl-${id.slice(0, 24)}`, created: 1, model: 'm' }
  const usage = { prompt_tokens: 1, completion_tokens: EVENTS, total_tokens: EVENTS + 1 }
  if (!stream) {
    const message = { role: 'assistant', content: words.join('') }
    const choices = [{ index: 0, message, finish_reason: 'stop' }]
    return [JSON.stringify({ ...head, object: 'chat.completion', choices, usage })]
  }
  const chunk = (delta, finish = null) =>
    `data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`
  const said = words.map((content) => chunk({ content }))
  return [chunk({ role: 'assistant', content: '' }), ...said, `${chunk({}, 'stop')}data: [DONE]\n\n`]
}

function messages(id, words, stream) {
  const usage = { input_tokens: 1, output_tokens: EVENTS }
  const head = { id: `msg_${id.slice(0, 24)}`, type: 'message', role: 'assistant', model: 'm', stop_sequence: null }
  if (!stream) {
    const content = [{ type: 'text', text: words.join('') }]
    return [JSON.stringify({ ...head, content, stop_reason: 'end_turn', usage })]
  }
  const event = (type, data) => `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`
  const said = words.map((text) => event('content_block_delta', { index: 0, delta: { type: 'text_delta', text } }))
  const begin = event('message_start', { message: { ...head, content: [], stop_reason: null, usage } })
  const block = event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } })
  const end = event('message_delta', { delta: { stop_reason: 'end_turn', stop_sequence: null }, usage })
  return [begin, block, ...said, event('content_block_stop', { index: 0 }), end, event('message_stop', {})]
}

if (process.argv[2] === 'serve') {
  const server = createServer({ keepAliveTimeout: 600_000 }, (request, response) => {
    const chunks = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', () => answer(request.url, Buffer.concat(chunks), response))
  })
  server.listen(0, '127.0.0.1', () => console.log(server.address().port))
}

function answer(url, body, response) {
  const stream = body.includes('"stream":true') || body.includes('"stream": true')
  const parts = answerTo(url, body, stream)
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
