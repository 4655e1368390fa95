import { done, failed, own, type Failure, type Price, type Result } from '../../../nouns/index.js'
import type { Agent } from '../../../shared/agents/index.js'
import { digestOfValue } from '../../../shared/project/index.js'
import { USER_PROMPT_VERSION } from '../../../shared/rollouts/index.js'
import type { Budget } from '../../../stages/trajectories/index.js'
import { agentOf } from '../../agents.js'
import type { PlannedJudge } from '../../evaluation/judges.js'
import { inputOf } from '../../model-input.js'
import type { Run } from '../../run.js'

/** What is sent out: which agents at which queries, how often, and what it may take. */
export interface Campaign {
  readonly name: string
  /** Names in limi.yaml, in the order in which they work. */
  readonly agents: readonly string[]
  /** Each agent's own where not given. */
  readonly model?: string | undefined
  readonly rounds: number
  /** K. */
  readonly attempts: number
  readonly concurrency: number
  readonly budget?: Budget
  /** A model that speaks as the person between rounds; the scorer where not given. */
  readonly user?: string | undefined
  /** Who decides rubrics: models by the grammar of names, or `human`. */
  readonly judges?: readonly string[] | undefined
  readonly judgeRepeats?: number | undefined
  /** The project's where not given. */
  readonly sandbox?: string | undefined
}

/** An agent with its model, before anything is opened. */
export interface PlannedCollector {
  /** In limi.yaml. */
  readonly name: string
  readonly agent: Agent
  readonly modelName: string
  readonly price: Price | undefined
  /** Digest of all that decides what comes out, but query and attempt. */
  readonly setting: string
}

export interface PlannedUser {
  readonly modelName: string
  readonly price: Price | undefined
}

export interface CampaignSettings {
  readonly collectors: readonly PlannedCollector[]
  readonly user?: PlannedUser
}

/**
 * Who works in a campaign and under what name their work is known. A budget in money is refused where something has no price. Failures:
 * `agent.unknown`, `agent.no-model`, `collect.no-price`, those of a model's name.
 */
export async function settingsOf(
  run: Run,
  campaign: Campaign,
  judge: PlannedJudge | undefined,
): Promise<Result<CampaignSettings>> {
  const priceOf = (name: string): Price | undefined => own(run.project.config.models, name)?.price
  const extras: Record<string, unknown> = judge === undefined ? {} : { judge: judge.identity }
  const unpriced = judge === undefined ? [] : [...judge.unpriced]
  let user: PlannedUser | undefined
  if (campaign.user !== undefined) {
    const input = await inputOf(run, campaign.user)
    if (!input.ok) return input
    user = { modelName: campaign.user, price: priceOf(campaign.user) }
    extras['user'] = [input.value.input.digest, USER_PROMPT_VERSION]
    if (user.price === undefined) unpriced.push(campaign.user)
  }
  const collectors: PlannedCollector[] = []
  for (const name of new Set(campaign.agents)) {
    const collector = await collectorFor(run, campaign, name, extras)
    if (!collector.ok) return collector
    const { modelName } = collector.value
    const price = priceOf(modelName)
    if (price === undefined) unpriced.push(modelName)
    collectors.push({ ...collector.value, price })
  }
  if (campaign.budget?.maxCost !== undefined && unpriced.length > 0) return failed(noPrice(run, unpriced))
  return done({ collectors, ...(user === undefined ? {} : { user }) })
}

async function collectorFor(
  run: Run,
  { rounds, model, sandbox }: Campaign,
  name: string,
  extras: Readonly<Record<string, unknown>>,
): Promise<Result<Omit<PlannedCollector, 'price'>>> {
  const named = agentOf(run, name)
  if (!named.ok) return named
  const { agent, config } = named.value
  const modelName = model ?? config.model
  if (modelName === undefined) return failed(noModel(name))
  const input = await inputOf(run, modelName)
  if (!input.ok) return input
  const known = [config, input.value.input.digest, rounds, sandbox ?? run.project.config.sandbox]
  const isPlain = Object.keys(extras).length === 0
  return done({ name, agent, modelName, setting: digestOfValue(isPlain ? known : [...known, extras]) })
}

const noModel = (agent: string): Failure => ({
  kind: 'input',
  code: 'agent.no-model',
  message: `agent ${agent} names no model`,
  remedy: 'name one with --model, or in limi.yaml',
})

const noPrice = (run: Run, names: readonly string[]): Failure => ({
  kind: 'input',
  code: 'collect.no-price',
  message: `a budget needs a price, and ${[...new Set(names)].join(' and ')} ${new Set(names).size === 1 ? 'has' : 'have'} none`,
  where: run.project.paths.config,
  remedy: 'name it under `models:` in limi.yaml with `price: { input: …, output: … }`, per million tokens',
})
