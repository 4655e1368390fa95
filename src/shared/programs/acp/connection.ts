import { Readable } from 'node:stream'
import type { AnyMessage, ClientConnection, SessionNotification, Stream } from '@agentclientprotocol/sdk'
import type { Sandbox, SandboxProcess } from '../../sandboxes/index.js'
import { readTextFile, writeTextFile } from './files.js'
import type { Terminals } from './terminals.js'

/** Of one line, and of what an agent has not read yet: beyond it the connection is over. */
const MOST_BYTES = 64 << 20

/** What the agent asks of its client, and is served. */
export interface Served {
  readonly sandbox: Sandbox
  readonly terminals: Terminals
  /** Told of each `session/update`. */
  update(notification: SessionNotification): void
}

/** limi as the client of an agent; ends with its process, and where the agent floods it. */
export async function connect(process: SandboxProcess, served: Served): Promise<ClientConnection> {
  const { sandbox, terminals } = served
  const { client, methods } = await import('@agentclientprotocol/sdk')
  const { session, fs, terminal } = methods.client
  return client({ name: 'limi' })
    .onRequest(fs.readTextFile, ({ params }) => readTextFile(sandbox, params))
    .onRequest(fs.writeTextFile, ({ params }) => writeTextFile(sandbox, params))
    .onRequest(terminal.create, ({ params }) => terminals.create(params))
    .onRequest(terminal.output, ({ params }) => terminals.output(params.terminalId))
    .onRequest(terminal.waitForExit, ({ params }) => terminals.waitForExit(params.terminalId))
    .onRequest(terminal.kill, ({ params }) => terminals.kill(params.terminalId))
    .onRequest(terminal.release, ({ params }) => terminals.release(params.terminalId))
    .onRequest(session.requestPermission, ({ params: { options } }) => {
      // The sandbox stands where a person would decide.
      const allowed =
        options.find(({ kind }) => kind === 'allow_once') ?? options.find(({ kind }) => kind === 'allow_always')
      return {
        outcome: allowed === undefined ? { outcome: 'cancelled' } : { outcome: 'selected', optionId: allowed.optionId },
      }
    })
    .onNotification(session.update, ({ params }) => served.update(params))
    .connect(await streamOf(process))
}

async function streamOf(process: SandboxProcess): Promise<Stream> {
  const { ndJsonStream } = await import('@agentclientprotocol/sdk')
  const { stdin, stdout } = process
  stdin.on('error', () => undefined)
  const write = (text: Uint8Array | string): void => {
    if (stdin.destroyed) return
    stdin.write(text)
    if (stdin.writableLength > MOST_BYTES) process.kill()
  }
  const bytes = Readable.toWeb(stdout) as ReadableStream<Uint8Array>
  const refusals = new WritableStream<Uint8Array>({ write })
  const { readable } = ndJsonStream(refusals, bytes, { maxMessageBytes: MOST_BYTES })
  return {
    readable,
    writable: new WritableStream<AnyMessage>({ write: (message) => write(`${JSON.stringify(message)}\n`) }),
  }
}
