// The least that anything between must do: pass bytes on, and hold a copy of none.
import http from 'node:http'

const upstream = new URL(process.argv[2])
const agent = new http.Agent({ keepAlive: true })
const server = http.createServer((request, response) => {
  const { method, url, headers } = request
  const outgoing = http.request({ hostname: upstream.hostname, port: upstream.port, agent, method, path: url, headers })
  outgoing.on('response', (incoming) => {
    response.writeHead(incoming.statusCode, incoming.headers)
    incoming.pipe(response)
  })
  request.pipe(outgoing)
})
server.listen(0, '127.0.0.1', () => console.log(server.address().port))
