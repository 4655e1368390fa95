import type { ClientConnection, SessionId } from '@agentclientprotocol/sdk'
import { versionsHere } from '../../project/index.js'
import { WORKSPACE } from './places.js'

/** Says who limi is and what it serves, logs in where a way is named, and opens a session in the workspace. Throws what the agent answers instead. */
export async function openSession({ agent }: ClientConnection, auth: string | undefined): Promise<SessionId> {
  const { methods, PROTOCOL_VERSION } = await import('@agentclientprotocol/sdk')
  const { initialize, authenticate, session } = methods.agent
  const { protocolVersion, authMethods = [] } = await agent.request(initialize, {
    protocolVersion: PROTOCOL_VERSION,
    clientCapabilities: { fs: { readTextFile: true, writeTextFile: true }, terminal: true },
    clientInfo: { name: 'limi', version: versionsHere()['limi'] ?? '0' },
  })
  if (protocolVersion !== PROTOCOL_VERSION)
    throw new Error(`it speaks version ${protocolVersion} of the protocol, and limi version ${PROTOCOL_VERSION}`)
  if (auth !== undefined) await agent.request(authenticate, { methodId: auth })
  const opened = agent.request(session.new, { cwd: WORKSPACE, mcpServers: [] })
  const { sessionId } = await opened.catch((error: unknown) => {
    const ways = authMethods.map(({ id }) => id).join(', ')
    const hint = ways === '' || auth !== undefined ? '' : `; name a way to log in with \`auth:\` (${ways})`
    throw new Error(`${error instanceof Error ? error.message : String(error)}${hint}`, { cause: error })
  })
  return sessionId
}
