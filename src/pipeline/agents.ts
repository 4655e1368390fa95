import { done, failed, own, type AgentConfig, type Result } from '../nouns/index.js'
import { builtInAgent, type Agent } from '../shared/agents/index.js'
import { nearest } from '../shared/project/index.js'
import { sandboxProvider, type SandboxProvider } from '../shared/sandboxes/index.js'
import type { Run } from './run.js'

export interface NamedAgent {
  readonly agent: Agent
  readonly config: AgentConfig
}

/** An agent by its name in limi.yaml. */
export function agentOf(run: Run, name: string): Result<NamedAgent> {
  const { agents } = run.project.config
  const config = own(agents, name)
  if (config !== undefined) return done({ agent: builtInAgent(config), config })
  const guess = nearest(name, Object.keys(agents))
  return failed({
    kind: 'input',
    code: 'agent.unknown',
    message: `limi.yaml has no agent ${JSON.stringify(name)}${guess === null ? '' : `; did you mean ${guess}?`}`,
    where: run.project.paths.config,
    remedy: `agents here: ${Object.keys(agents).join(', ') || 'none'}`,
  })
}

/** The project's sandbox, ready for use. */
export async function sandboxOf(run: Run): Promise<Result<SandboxProvider>> {
  const provider = sandboxProvider(run.project.config.sandbox)
  if (!provider.ok) return provider
  const probe = await provider.value.probe()
  return probe.ready ? provider : failed(probe.missing)
}
