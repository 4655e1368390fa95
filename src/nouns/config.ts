import { z } from 'zod'
import { EngineName, RecipeOverrides } from './checkpoint.js'

/** Per million tokens, in the currency the user thinks in. A budget needs a price. */
export const Price = z.strictObject({ input: z.number().nonnegative(), output: z.number().nonnegative() })
export type Price = z.infer<typeof Price>

/** A model under a name of the user's own: hosted, any OpenAI-compatible endpoint, or another name of the grammar. */
export const ModelConfig = z.union([
  z.strictObject({ provider: z.enum(['openai', 'anthropic', 'google']), model: z.string(), price: Price.optional() }),
  z.strictObject({
    baseUrl: z.url(),
    model: z.string(),
    /** Name of the environment variable that holds the key. */
    apiKeyEnv: z.string().optional(),
    price: Price.optional(),
  }),
  z.strictObject({ ref: z.string(), price: Price.optional() }),
])
export type ModelConfig = z.infer<typeof ModelConfig>

export const BuiltInConfig = z.strictObject({
  kind: z.literal('built-in'),
  /** `tools`: native tool calls. `fenced`: one fenced command a turn, for models without tools. */
  actions: z.enum(['tools', 'fenced']).default('tools'),
  model: z.string().optional(),
  /** Model calls a round. */
  maxTurns: z.number().int().positive().default(30),
  /** New tokens a model call. */
  maxTokens: z.number().int().positive().default(4096),
  /** Tokens a round, read and written; the agent stops after the call that reaches it (cause `budget`). */
  maxTotalTokens: z.number().int().positive().optional(),
  /** Seconds a round. */
  maxSeconds: z.number().positive().default(600),
  temperature: z.number().min(0).default(0),
  systemPrompt: z.string().optional(),
})
export type BuiltInConfig = z.infer<typeof BuiltInConfig>

/** A known agent as its makers ship it, at work in a sandbox and recorded. */
export const ProgramConfig = z.strictObject({
  kind: z.enum(['claude', 'codex', 'gemini', 'qwen', 'opencode']),
  /** Its program: a path, or a name that the shell finds; the kind's own where not given. */
  program: z.string().optional(),
  /** Put after limi's own arguments. */
  args: z.array(z.string()).default([]),
  model: z.string().optional(),
  /** Seconds a round. */
  maxSeconds: z.number().positive().default(1800),
})
export type ProgramConfig = z.infer<typeof ProgramConfig>

/** A program and its words. A word that begins with `./`, `../` or `/` and names something of this machine is seen inside; the first may also be a program's name. */
const Command = z.tuple([z.string()], z.string(), { error: 'expected a list: a program, then its words' })

const AnyProgram = {
  command: Command,
  /** The known agent that it is, or behaves like: by its program's name where not given, else `other`. */
  agent: z.string().optional(),
  /** More folders and files of this machine that it needs, absolute or relative to the project. */
  readable: z.array(z.string()).default([]),
  /** Variables of its own, besides what leads its calls to the recorder. */
  env: z.record(z.string(), z.string()).default({}),
  model: z.string().optional(),
  /** Seconds a round. */
  maxSeconds: z.number().positive().default(1800),
}

/** Any program that takes what the person says on its standard input, once a round. */
export const CommandConfig = z.strictObject({
  kind: z.literal('command'),
  ...AnyProgram,
  /** The command of every round after the first; the same one where not given. */
  resume: Command.optional(),
})
export type CommandConfig = z.infer<typeof CommandConfig>

/** Any agent that speaks the Agent Client Protocol (agentclientprotocol.com), version 1, on its standard input and output: one session over all rounds. */
export const AcpConfig = z.strictObject({
  kind: z.literal('acp'),
  ...AnyProgram,
  /** The way to log in that is chosen, by its id, where the agent wants one. */
  auth: z.string().optional(),
})
export type AcpConfig = z.infer<typeof AcpConfig>

export const AgentConfig = z.discriminatedUnion('kind', [BuiltInConfig, ProgramConfig, CommandConfig, AcpConfig])
export type AgentConfig = z.infer<typeof AgentConfig>

/** One campaign of collection: one agent and model over the queries whose tags match. */
export const CollectPlan = z.strictObject({
  name: z.string(),
  agent: z.string(),
  model: z.string(),
  where: z.record(z.string(), z.string()).default({}),
  rounds: z.number().int().positive().default(1),
})
export type CollectPlan = z.infer<typeof CollectPlan>

/** Which trajectories a selection draws from, and how. */
export const CuratePlan = z.strictObject({
  name: z.string(),
  /** `curated`: gates, then coverage. `random`: drawn by seed, ungated. `all`: everything, ungated. `good`: every one that passes the gates. */
  method: z.enum(['curated', 'random', 'all', 'good']),
  campaigns: z.array(z.string()).optional(),
  count: z.number().int().positive().optional(),
  /** Whose trajectories may teach; where not given, those made or recorded in this project. */
  sources: z.array(z.enum(['built-in', 'recorded', 'imported'])).optional(),
  /** Selections that this one shares no trajectory and no query with: what is held out from them. */
  without: z.array(z.string()).optional(),
  /** Of attempts that `limi collect --best` compared, only the one that it marked. */
  best: z.boolean().optional(),
})
export type CuratePlan = z.infer<typeof CuratePlan>

/** One trained model to evaluate beside the base. */
export const ArmPlan = z.strictObject({
  name: z.string(),
  selection: z.string(),
  /** In place of the training's own. */
  heldOut: z.string().optional(),
  forgetting: z.string().optional(),
})
export type ArmPlan = z.infer<typeof ArmPlan>

/** What `limi run` does, stage by stage. */
export const RunPlan = z.strictObject({
  seed: z.number().int().nonnegative().default(0),
  queries: z.strictObject({
    benchmark: z.string().optional(),
    /** Training queries to take from the benchmark. */
    train: z.number().int().nonnegative().default(0),
    mine: z.strictObject({ repository: z.string(), limit: z.number().int().positive().default(20) }).optional(),
  }),
  trajectories: z.strictObject({
    collect: z.array(CollectPlan),
    /** Files to import beside them. */
    import: z.array(z.string()).default([]),
  }),
  curation: z.array(CuratePlan).min(1),
  dataset: z
    .strictObject({
      maxTokens: z.number().int().positive().default(128_000),
      /** For longer samples: `split` cuts them at turn boundaries. */
      overflow: z.enum(['error', 'exclude', 'split']).default('error'),
      /** For trajectories that make no sample for another reason; left out where long ones are, if not given. */
      unfit: z.enum(['error', 'exclude']).optional(),
      /** Whether sub-agents make samples of their own too. */
      threads: z.enum(['main', 'all']).default('main'),
    })
    .prefault({}),
  training: z.strictObject({
    engine: EngineName.default('trl'),
    /** What the engine is told beside the recipe, as a cluster's address; never a secret. */
    settings: z.record(z.string(), z.string()).optional(),
    base: z.string(),
    /** A shipped recipe by name, with overrides. */
    recipe: z.string(),
    overrides: RecipeOverrides.prefault({}),
    /** A selection that shares nothing with the arms': the loss on its dataset is measured after every epoch. */
    heldOut: z.string().optional(),
    /** An evaluation of the base that lies in the project, repeated with what was trained. */
    forgetting: z.string().optional(),
    arms: z.array(ArmPlan).min(1),
  }),
  evaluation: z.strictObject({
    /** A name, `heldout`, or the path of a folder or module relative to the project. */
    benchmark: z.string(),
    agent: z.string(),
    rounds: z.number().int().positive().default(3),
    concurrency: z.number().int().positive().default(16),
    /** Tasks by suite; where nothing is said, 30 of each, or all of a benchmark that has only so many. */
    tasks: z.record(z.string(), z.number().int().positive()).default({}),
    /** Who decides rubrics: models by the grammar of names, each voting `judgeRepeats` times. */
    judges: z.array(z.string()).optional(),
    judgeRepeats: z.number().int().positive().optional(),
  }),
})
export type RunPlan = z.infer<typeof RunPlan>

/** What workspaces have besides their sandbox's own. */
export const WorkspaceConfig = z.strictObject({
  /** Folders of this machine, read-only inside at the same place; the `bin` of each comes first on the `PATH`. */
  tools: z.array(z.string()).default([]),
  setup: z
    .strictObject({
      /** Names of variables of limi's own environment that set-up commands see, and nothing else does: registries, proxies. */
      environment: z.array(z.string()).default([]),
      /** Seconds a command. */
      seconds: z.number().positive().default(900),
    })
    .prefault({}),
})
export type WorkspaceConfig = z.infer<typeof WorkspaceConfig>

/** `limi.yaml`. */
export const ProjectConfig = z.strictObject({
  format: z.literal('limi.project/1').default('limi.project/1'),
  name: z.string().default('project'),
  models: z.record(z.string(), ModelConfig).default({}),
  agents: z.record(z.string(), AgentConfig).default({}),
  sandbox: z.enum(['virtual', 'bubblewrap', 'docker']).default('virtual'),
  workspace: WorkspaceConfig.optional(),
  run: RunPlan.optional(),
})
export type ProjectConfig = z.infer<typeof ProjectConfig>
