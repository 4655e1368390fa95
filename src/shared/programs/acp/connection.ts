import { client, methods, type ClientConnection, type SessionNotification } from '@agentclientprotocol/sdk'
import type { Sandbox, SandboxProcess } from '../../sandboxes/index.js'
import { readTextFile, writeTextFile } from './files.js'
import { streamOf } from './stream.js'
import type { Terminals } from './terminals.js'

/** What the agent asks of its client, and is served. */
export interface Served {
  readonly sandbox: Sandbox
  readonly terminals: Terminals
  /** Told of each `session/update`. */
  readonly update: (notification: SessionNotification) => void
}

/** limi as the client of an agent; ends with its process. */
export function connect(process: SandboxProcess, { sandbox, terminals, update }: Served): ClientConnection {
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
      if (allowed === undefined) return { outcome: { outcome: 'cancelled' } }
      return { outcome: { outcome: 'selected', optionId: allowed.optionId } }
    })
    .onNotification(session.update, ({ params }) => update(params))
    .connect(streamOf(process))
}
