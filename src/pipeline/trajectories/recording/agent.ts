import { done, failed, type Failure, type Result } from '../../../nouns/index.js'
import { agentNames, launcherNamed, launcherOf, type AgentLauncher } from '../../../shared/agents/index.js'
import { nearest } from '../../../shared/project/index.js'
import type { RecordPlan } from './plan.js'

/** A known agent, and where in the command its program stands. */
export interface FoundAgent {
  readonly launcher: AgentLauncher
  readonly at: number
}

/** The agent by its name, else by its program. Failure: `record.agent`. */
export function agentFor({ agent, command }: RecordPlan): Result<FoundAgent> {
  const found = launcherOf(command)
  if (agent === undefined) return done(found)
  const launcher = launcherNamed(agent)
  if (launcher === undefined) return failed(unknownAgent(agent))
  return done({ launcher, at: launcher === found.launcher ? found.at : 0 })
}

function unknownAgent(agent: string): Failure {
  const guess = nearest(agent, agentNames())
  return {
    kind: 'input',
    code: 'record.agent',
    message: `no agent is known by the name ${JSON.stringify(agent)}${guess === null ? '' : `; did you mean ${guess}?`}`,
    where: '--agent',
    remedy: `known: ${agentNames().join(', ')}`,
  }
}
