import type { ClientConnection, SessionId, StopReason } from '@agentclientprotocol/sdk'
import type { Failure } from '../../../nouns/index.js'
import type { ProcessEnd, ProcessSpec, SandboxProcess } from '../../sandboxes/index.js'
import { overLimit, tailOf, type Ending } from '../ending.js'
import type { Conversation } from '../recorded.js'
import type { ProgramSetting } from '../setting.js'
import { connect } from './connection.js'
import { keepUpdates } from './evidence.js'
import { openSession } from './session.js'
import { Terminals } from './terminals.js'

export interface AcpStart {
  readonly command: readonly [string, ...string[]]
  readonly spec: Omit<ProcessSpec, 'command'>
  /** Id of a way to log in. */
  readonly auth: string | undefined
}

/** After it was told to stop, an agent has so long to do it. */
const TO_STOP_MS = 5000

/** An agent's process with a session in it, which takes one prompt after the other. */
interface Open {
  readonly process: SandboxProcess
  readonly connection: ClientConnection
  readonly session: SessionId
}

/** A conversation over the Agent Client Protocol: one process and one session over all rounds. */
export function acpConversation(setting: ProgramSetting, start: AcpStart): Conversation {
  const { context, spawn, maxSeconds } = setting
  const terminals = new Terminals(spawn)
  const evidence = keepUpdates(context.evidence)
  let process: SandboxProcess | undefined
  let errors: Promise<string> = Promise.resolve('')
  let opened: Promise<Open> | undefined

  const open = async (): Promise<Open> => {
    process = await spawn({ ...start.spec, command: start.command })
    errors = tailOf(process.stderr)
    const served = { sandbox: context.sandbox, terminals, update: evidence.update }
    const connection = await connect(process, served)
    return { process, connection, session: await openSession(connection, start.auth) }
  }
  /** Why nothing more is to be expected of it. */
  const whyOver = async (error: unknown): Promise<Ending> => {
    process?.kill()
    const end = await process?.ended
    return overOf(error, end, await errors)
  }
  return {
    async send(text) {
      const timer = deadline(maxSeconds * 1000)
      try {
        opened ??= open()
        const begun = await Promise.race([opened, timer.over])
        if (begun === 'over') {
          process?.kill()
          return { ...TIMED_OUT, said: await errors }
        }
        const prompted = prompt(begun, text)
        const stopped = await Promise.race([prompted, timer.over])
        if (stopped !== 'over') return endingFor(stopped)
        await cancel(begun, prompted)
        return { ...TIMED_OUT, said: 'it took too long' }
      } catch (error) {
        return await whyOver(error)
      } finally {
        timer.clear()
      }
    },
    async close() {
      const begun = await opened?.catch(() => undefined)
      begun?.connection.close()
      process?.kill()
      await Promise.allSettled([process?.ended, terminals.close(), errors])
      await evidence.close()
    },
  }
}

async function prompt({ connection, session }: Open, text: string): Promise<StopReason> {
  const { methods } = await import('@agentclientprotocol/sdk')
  const { stopReason } = await connection.agent.request(methods.agent.session.prompt, {
    sessionId: session,
    prompt: [{ type: 'text', text }],
  })
  return stopReason
}

/** Tells the agent to stop, and ends it where it does not: a later round then finds it gone. */
async function cancel({ connection, session, process }: Open, prompted: Promise<StopReason>): Promise<void> {
  const { methods } = await import('@agentclientprotocol/sdk')
  const timer = deadline(TO_STOP_MS)
  const stopped = prompted.then(
    () => 'stopped',
    () => 'stopped',
  )
  await connection.agent.notify(methods.agent.session.cancel, { sessionId: session }).catch(() => undefined)
  if ((await Promise.race([stopped, timer.over])) === 'over') process.kill()
  timer.clear()
}

function deadline(ms: number): { readonly over: Promise<'over'>; clear(): void } {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<'over'>((resolve) => (timer = setTimeout(() => resolve('over'), ms)))
  return { over, clear: () => clearTimeout(timer) }
}

const TIMED_OUT = { stop: 'time-limit', cause: 'timeout' } as const

function endingFor(reason: StopReason): Ending {
  const said = `it stopped (${reason})`
  if (reason === 'max_tokens') return { stop: 'token-limit', cause: null, said }
  if (reason === 'max_turn_requests') return { stop: 'turn-limit', cause: 'agent', said }
  return { stop: 'answered', cause: null, said }
}

/** A turn that was not brought to its end. */
function overOf(error: unknown, end: ProcessEnd | undefined, errors: string): Ending {
  const why = error instanceof Error ? error.message : String(error)
  const said = `${why}${errors === '' ? '' : `; it printed: ${errors.slice(-300)}`}`
  const failure = end?.limit === undefined ? brokenOff(said) : overLimit(end.limit)
  return { stop: 'failed', cause: 'agent', failure, said }
}

const brokenOff = (said: string): Failure => ({
  kind: 'underway',
  code: 'agent.broken-off',
  message: `it did not bring its turn to an end: ${said}`,
  remedy: 'look at the wire log, `acp.jsonl` beside it, and run the agent by hand',
})
