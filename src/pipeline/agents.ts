import path from 'node:path'
import { done, failed, own, WorkspaceConfig, type AgentConfig, type Result } from '../nouns/index.js'
import { builtInAgent, type Agent } from '../shared/agents/index.js'
import { programAgent } from '../shared/programs/index.js'
import { repositoriesIn } from '../shared/repositories/index.js'
import { nearest } from '../shared/project/index.js'
import { workspacesIn, type Workspaces } from '../shared/rollouts/index.js'
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
  if (config?.kind === 'built-in') return done({ agent: builtInAgent(config), config })
  if (config !== undefined) {
    const agent = programAgent(config, run.project.root)
    return agent.ok ? done({ agent: agent.value, config }) : agent
  }
  const guess = nearest(name, Object.keys(agents))
  return failed({
    kind: 'input',
    code: 'agent.unknown',
    message: `limi.yaml has no agent ${JSON.stringify(name)}${guess === null ? '' : `; did you mean ${guess}?`}`,
    where: run.project.paths.config,
    remedy: `agents here: ${Object.keys(agents).join(', ') || 'none'}`,
  })
}

/** A sandbox by its name, the project's where not given, ready for use. */
export async function sandboxOf(run: Run, name: string = run.project.config.sandbox): Promise<Result<SandboxProvider>> {
  const provider = sandboxProvider(name)
  if (!provider.ok) return provider
  const probe = await provider.value.probe()
  return probe.ready ? provider : failed(probe.missing)
}

/** Workspaces of this project's queries, in a sandbox as {@link sandboxOf} finds it. */
export async function workspacesOf(run: Run, name?: string): Promise<Result<Workspaces>> {
  const sandboxes = await sandboxOf(run, name)
  if (!sandboxes.ok) return sandboxes
  const { root, paths, config } = run.project
  const { tools, setup } = config.workspace ?? WorkspaceConfig.parse({})
  const missing = setup.environment.filter((variable) => process.env[variable] === undefined)
  for (const variable of missing) run.warn(`${variable}, named in limi.yaml for set-ups, is not in the environment`)
  const given = setup.environment.filter((variable) => process.env[variable] !== undefined)
  return done(
    workspacesIn(sandboxes.value, {
      root,
      repositories: repositoriesIn(root, path.join(paths.cache, 'checkouts'), run.warn),
      tools: tools.map((folder) => path.resolve(root, folder)),
      setUpMs: setup.seconds * 1000,
      setUpEnv: Object.fromEntries(given.map((variable) => [variable, process.env[variable] ?? ''])),
    }),
  )
}
