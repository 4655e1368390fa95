import { mkdtempSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { BuiltInConfig, Query, unwrap, type Price, type Result, type ScriptEntry } from '../../../../nouns/index.js'
import { builtInAgent } from '../../../../shared/agents/index.js'
import { scriptedModel, type ChatModel } from '../../../../shared/models/index.js'
import { workspacesIn } from '../../../../shared/rollouts/index.js'
import { virtualSandboxes } from '../../../../shared/sandboxes/index.js'
import { scorerFor } from '../../../../shared/scoring/index.js'
import { trajectoryStore, type TrajectoryStore } from '../../store/index.js'
import {
  collect,
  heldRollouts,
  planRollouts,
  watchedRollouts,
  type Collected,
  type CollectRequest,
  type PlannedRollout,
  type RolloutsPlan,
} from '../index.js'

/** A query that wants a file made. */
export const queryOf = (name: string): Query =>
  Query.parse({
    format: 'limi.query/1',
    id: `make-${name}`,
    request: `Create ${name}.txt.`,
    tags: { family: 'create' },
    start: {},
    scoring: { kind: 'checks', checks: [{ kind: 'file', id: 'there', path: `${name}.txt` }] },
    source: { kind: 'person' },
  })
export const queries = ['a', 'b', 'c'].map(queryOf)

/** Of each of an expert's two replies. */
export const USAGE = { inputTokens: 90, outputTokens: 10 }

const entryOf = ({ id, request }: Query, delayMs: number): ScriptEntry => ({
  request,
  replies: [`\`\`\`bash\ntouch ${id.slice(5)}.txt\n\`\`\``, 'Done.'].map((text) => ({ text, delayMs, usage: USAGE })),
})

/** Makes the file at once, and says so. */
export const expertOf = (all: readonly Query[], delayMs = 0): ChatModel =>
  scriptedModel(
    'script:expert',
    all.map((query) => entryOf(query, delayMs)),
  )

export interface Given extends Partial<CollectRequest>, Partial<Pick<RolloutsPlan, 'queries' | 'attempts'>> {
  readonly agents?: readonly string[]
  readonly setting?: string
  readonly model?: ChatModel
  readonly price?: Price
}

export interface CampaignForTests {
  readonly root: string
  readonly store: TrajectoryStore
  plan(given?: Given): Promise<Result<readonly PlannedRollout[]>>
  run(given?: Given): Promise<Collected>
}

/** A campaign in a folder of its own. */
export function campaignForTests(): CampaignForTests {
  const root = mkdtempSync(path.join(os.tmpdir(), 'limi-collect-'))
  const store = trajectoryStore(path.join(root, 'trajectories'))
  const agent = builtInAgent(BuiltInConfig.parse({ kind: 'built-in', actions: 'fenced' }))
  const openTrajectory = watchedRollouts(store.open)

  const plan = async ({ campaign = 'pool', agents = ['shell'], setting = 'so', ...given }: Given = {}) => {
    const held = heldRollouts(unwrap(await store.readAll()).trajectories)
    const collectors = agents.map((name) => ({ name, setting }))
    return planRollouts({
      campaign,
      queries: given.queries ?? queries,
      collectors,
      attempts: given.attempts ?? 1,
      held,
    })
  }
  const run = async (given: Given = {}): Promise<Collected> => {
    const { agents = ['shell'], model = expertOf(given.queries ?? queries), price } = given
    const collectors = agents.map((name) => ({
      name,
      agent,
      model,
      price,
      source: 'built-in' as const,
      openTrajectory,
    }))
    return collect({
      rollouts: unwrap(await plan(given)),
      collectors: new Map(collectors.map((one) => [one.name, one])),
      workspaces: workspacesIn(virtualSandboxes),
      scorerFor,
      rounds: 1,
      recordings: path.join(root, 'recordings'),
      campaign: 'pool',
      concurrency: 2,
      backoffMs: [0],
      ...given,
    })
  }
  return { root, store, plan, run }
}

/** Made, kept, failed, interrupted. */
export const counts = ({ made, kept, failed, interrupted }: Collected) => [made, kept, failed.length, interrupted]
