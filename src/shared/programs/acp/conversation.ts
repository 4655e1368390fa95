import type { SessionId, StopReason } from '@agentclientprotocol/sdk'
import type { Failure } from '../../../nouns/index.js'
import type { ProcessEnd, ProcessSpec } from '../../sandboxes/index.js'
import { overLimit, tailOf, type Ending } from '../ending.js'
import type { Conversation } from '../recorded.js'
import type { ProgramSetting } from '../setting.js'
import { keepUpdates } from './evidence.js'
import { deadline, until } from './deadline.js'
import { AgentProcess } from './process.js'
import { Terminals } from './terminals.js'

export interface AcpStart {
  readonly command: readonly [string, ...string[]]
  readonly spec: Omit<ProcessSpec, 'command'>
  /** Id of a way to log in. */
  readonly auth: string | undefined
}

/** After it was told to stop, or that nothing more will be asked, an agent has so long to do it. */
const TO_STOP_MS = 5000

/**
 * A conversation over the Agent Client Protocol: one session over all rounds. Its process ends with each of them, so that nobody is at work while
 * the round is scored, and the next one goes on with the session by the agent's own `session/resume` or `session/load`.
 */
export function acpConversation(setting: ProgramSetting, start: AcpStart): Conversation {
  const { context, spawn, maxSeconds } = setting
  const evidence = keepUpdates(context.evidence)
  let session: SessionId | undefined

  return {
    async send(text) {
      const process = await spawn({ ...start.spec, command: start.command })
      const terminals = new Terminals(spawn)
      const errors = tailOf(process.stderr)
      const timer = deadline(maxSeconds * 1000)
      const agent = new AgentProcess(process, { sandbox: context.sandbox, terminals, update: evidence.update })
      let turn: Turn
      try {
        turn = await until(timer, agent.open(session, start.auth)).then(
          async (opened) => {
            if (opened === 'over') return { kind: 'late' }
            session = opened
            return promptOf(agent, session, text, timer)
          },
          (error: unknown): Turn => ({ kind: 'not-opened', error }),
        )
      } finally {
        timer.clear()
        await terminals.close()
        await agent.close(TO_STOP_MS)
      }
      return endingOf(turn, await process.ended, await errors)
    },
    close: () => evidence.close(),
  }
}

type Turn =
  | { readonly kind: 'stopped'; readonly reason: StopReason }
  | { readonly kind: 'late' }
  | { readonly kind: 'not-opened' | 'broken-off'; readonly error: unknown }

async function promptOf(
  agent: AgentProcess,
  session: SessionId,
  text: string,
  timer: ReturnType<typeof deadline>,
): Promise<Turn> {
  try {
    const prompted = agent.prompt(session, text)
    const reason = await until(timer, prompted)
    if (reason !== 'over') return { kind: 'stopped', reason }
    await agent.cancel(session, prompted, TO_STOP_MS)
    return { kind: 'late' }
  } catch (error) {
    return { kind: 'broken-off', error }
  }
}

function endingOf(turn: Turn, end: ProcessEnd, errors: string): Ending {
  if (end.limit !== undefined) {
    const failure = overLimit(end.limit)
    return { stop: 'failed', cause: 'agent', failure, said: failure.message }
  }
  if (turn.kind === 'late') return { stop: 'time-limit', cause: 'timeout', said: 'it took too long' }
  if (turn.kind === 'stopped' && turn.reason !== 'cancelled') return endingFor(turn.reason)
  const why = turn.kind === 'stopped' ? 'it says that it was cancelled' : wordsOf(turn.error)
  const said = `${why}${errors === '' ? '' : `; it printed: ${errors.slice(-300)}`}`
  return turn.kind === 'not-opened'
    ? { stop: 'failed', cause: 'infrastructure', failure: notOpened(said), said }
    : { stop: 'failed', cause: 'agent', failure: brokenOff(said), said }
}

function endingFor(reason: Exclude<StopReason, 'cancelled'>): Ending {
  const said = `it stopped (${reason})`
  if (reason === 'max_tokens') return { stop: 'token-limit', cause: null, said }
  if (reason === 'max_turn_requests') return { stop: 'turn-limit', cause: 'agent', said }
  return { stop: 'answered', cause: null, said }
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const notOpened = (said: string): Failure => ({
  kind: 'underway',
  code: 'agent.not-opened',
  message: `no session could be opened with it: ${said}`,
  remedy: 'run the agent by hand; `limi record` shows what it asks its model',
})

const brokenOff = (said: string): Failure => ({
  kind: 'underway',
  code: 'agent.broken-off',
  message: `it did not bring its turn to an end: ${said}`,
  remedy: 'look at the wire log and `acp.jsonl` beside it, and run the agent by hand',
})
