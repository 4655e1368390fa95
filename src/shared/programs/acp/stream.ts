import { methods, ndJsonStream, type AnyMessage, type JsonRpcId, type Stream } from '@agentclientprotocol/sdk'
import type { SandboxProcess } from '../../sandboxes/index.js'

/** Of one line, and of what an agent has not read yet: beyond it the connection is over. */
const MOST_BYTES = 64 << 20
/** Requests of the agent that are served at the same time; the next are read when some are answered. */
const MOST_REQUESTS = 32

/** The messages of an agent's process, no faster than they are served. */
export function streamOf(process: SandboxProcess): Stream {
  const { stdin, stdout } = process
  stdin.on('error', () => undefined)
  const write = (text: Uint8Array | string): void => {
    if (stdin.destroyed || stdin.writableEnded) return
    stdin.write(text)
    if (stdin.writableLength > MOST_BYTES) process.kill()
  }
  const traffic = new Traffic()
  const bytes = ReadableStream.from(traffic.paced(stdout))
  const { readable } = ndJsonStream(new WritableStream({ write }), bytes, { maxMessageBytes: MOST_BYTES })
  return {
    readable: ReadableStream.from(traffic.incoming(readable)),
    writable: new WritableStream<AnyMessage>({
      write(message) {
        traffic.outgoing(message)
        write(`${JSON.stringify(message)}\n`)
      },
    }),
  }
}

/** Who waits for whose answer. */
class Traffic {
  /** The agent's requests that are not answered yet, but those that wait for a process to end. */
  readonly #serving = new Set<JsonRpcId>()
  readonly #asked = new Set<JsonRpcId>()
  #resume: (() => void)[] = []

  /** Bytes of the process, read while there is room for requests. */
  async *paced(from: AsyncIterable<Buffer>): AsyncGenerator<Uint8Array> {
    for await (const chunk of from) {
      await this.#room()
      yield chunk
    }
  }

  /** Messages of the agent, one after the other, without answers to what nobody asked. */
  async *incoming(messages: AsyncIterable<AnyMessage>): AsyncGenerator<AnyMessage> {
    for await (const message of messages) {
      const id = 'id' in message ? (message.id ?? null) : null
      if (!('method' in message)) {
        if (id !== null && this.#asked.delete(id)) yield message
        continue
      }
      await this.#room()
      if (id !== null && message.method !== methods.client.terminal.waitForExit) this.#serving.add(id)
      yield message
    }
  }

  outgoing(message: AnyMessage): void {
    const id = 'id' in message ? (message.id ?? null) : null
    if (id === null) return
    if ('method' in message) this.#asked.add(id)
    else if (this.#serving.delete(id)) for (const resume of this.#resume.splice(0)) resume()
  }

  async #room(): Promise<void> {
    while (this.#serving.size >= MOST_REQUESTS) await new Promise<void>((resolve) => this.#resume.push(resolve))
  }
}
