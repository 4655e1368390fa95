import { done, FailureError, type ProgramConfig, type Result } from '../../nouns/index.js'
import type { Agent } from '../agents/index.js'
import { findProgram } from './program.js'
import { openProgramSession } from './session.js'

/**
 * A known agent as its makers ship it, at work in a sandbox with an empty home: its calls go to a recorder on this machine's loopback, the one
 * place that it reaches, and are answered by the model it is given. A turn is one run of the program, which goes on with its last session.
 *
 * How a turn ends: `answered`; `time-limit` (cause `timeout`); `aborted`; `failed`: by the sandbox's limits (cause `agent`), or where it
 * ended without having asked the model anything (cause `infrastructure`). Failure: `agent.program`.
 */
export function programAgent(config: ProgramConfig): Result<Agent> {
  const found = findProgram(config.program ?? config.kind)
  if (!found.ok) return found
  const program = found.value
  return done({
    name: config.kind,
    readable: program.readable,
    open: (context) => {
      if (context.sandbox.spawn === undefined) throw new FailureError(NO_PROCESSES)
      return openProgramSession({ config, program, context, spawn: context.sandbox.spawn.bind(context.sandbox) })
    },
  })
}

const NO_PROCESSES = {
  kind: 'input' as const,
  code: 'agent.no-processes',
  message: 'this agent is a program, and the sandbox runs none',
  remedy: 'use `sandbox: bubblewrap`',
}
