import {
  methods,
  PROTOCOL_VERSION,
  type ClientConnection,
  type SessionId,
  type StopReason,
} from '@agentclientprotocol/sdk'
import { versionsHere } from '../../project/index.js'
import type { SandboxProcess } from '../../sandboxes/index.js'
import { connect, type Served } from './connection.js'
import { deadline, until } from './deadline.js'
import { WORKSPACE } from './places.js'

/** Some write their session down after they have answered, and end at once when nothing more can be asked. */
const TO_SETTLE_MS = 1500

/** An agent at work, as its client sees it. What it answers instead of what it was asked for is thrown. */
export class AgentProcess {
  readonly #process: SandboxProcess
  readonly #connection: ClientConnection

  constructor(process: SandboxProcess, served: Served) {
    this.#process = process
    this.#connection = connect(process, served)
  }

  /** Says who limi is and what it serves, logs in where a way is named, and opens a session in the workspace: a new one, or the one given. */
  async open(before: SessionId | undefined, auth: string | undefined): Promise<SessionId> {
    const { initialize, authenticate, session } = methods.agent
    const { agent } = this.#connection
    const {
      protocolVersion,
      authMethods = [],
      agentCapabilities = {},
    } = await agent.request(initialize, {
      protocolVersion: PROTOCOL_VERSION,
      clientCapabilities: { fs: { readTextFile: true, writeTextFile: true }, terminal: true },
      clientInfo: { name: 'limi', version: versionsHere()['limi'] ?? '0' },
    })
    if (protocolVersion !== PROTOCOL_VERSION)
      throw new Error(`it speaks version ${protocolVersion} of the protocol, and limi version ${PROTOCOL_VERSION}`)
    if (auth !== undefined) await agent.request(authenticate, { methodId: auth })
    if (before === undefined) {
      const ways = auth === undefined ? authMethods.map(({ id }) => id) : []
      const opened = agent.request(session.new, { cwd: WORKSPACE, mcpServers: [] })
      const { sessionId } = await opened.catch((error: unknown) => hinting(error, ways))
      return sessionId
    }
    // Some offer to resume and do not know the method yet; to load is the older way.
    const request = { cwd: WORKSPACE, mcpServers: [], sessionId: before }
    if (agentCapabilities.loadSession === true) await agent.request(session.load, request)
    else if (agentCapabilities.sessionCapabilities?.resume != null) await agent.request(session.resume, request)
    else throw new Error('it can neither resume nor load a session, which a further round needs: use `--rounds 1`')
    return before
  }

  async prompt(sessionId: SessionId, text: string): Promise<StopReason> {
    const { stopReason } = await this.#connection.agent.request(methods.agent.session.prompt, {
      sessionId,
      prompt: [{ type: 'text', text }],
    })
    return stopReason
  }

  /** Tells it to stop; what it was prompted for is over then, or not after all. */
  async cancel(sessionId: SessionId, prompted: Promise<unknown>, ms: number): Promise<void> {
    const timer = deadline(ms)
    await this.#connection.agent.notify(methods.agent.session.cancel, { sessionId }).catch(() => undefined)
    await until(timer, prompted).catch(() => undefined)
    timer.clear()
  }

  /** Nothing more is asked: it may write down what it wants, and is ended where it does not end by itself. */
  async close(ms: number): Promise<void> {
    const timer = deadline(ms)
    const settled = deadline(TO_SETTLE_MS)
    await until(settled, this.#process.ended)
    settled.clear()
    this.#process.stdin.end()
    await until(timer, this.#process.ended)
    timer.clear()
    this.#process.kill()
    this.#connection.close()
  }
}

function hinting(error: unknown, ways: readonly string[]): never {
  const words = error instanceof Error ? error.message : String(error)
  const hint = ways.length === 0 ? '' : `; name a way to log in with \`auth:\` (${ways.join(', ')})`
  throw new Error(`${words}${hint}`, { cause: error })
}
