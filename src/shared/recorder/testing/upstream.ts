import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Upstream {
  /** Without a slash at its end. */
  readonly baseUrl: string
  readonly server: Server
  close(): void
}

export type Answer = (request: IncomingMessage, response: ServerResponse) => unknown

/** A server on loopback that answers as it is told. */
export function upstream(answer: Answer): Promise<Upstream> {
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => void answer(request, response))
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      resolve({
        baseUrl: `http://127.0.0.1:${port}`,
        server,
        close: () => {
          server.close()
          server.closeAllConnections()
        },
      })
    })
  })
}

/** All bytes of a body. */
export async function bytesOf(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}
