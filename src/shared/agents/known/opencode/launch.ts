import { ANY_KEY, valueOf, type AgentLauncher, type Environment, type LaunchSetting } from '../launch.js'

const PROVIDERS = {
  openai: { route: 'openai', baseUrl: 'https://api.openai.com/v1' },
  anthropic: { route: 'anthropic', baseUrl: 'https://api.anthropic.com/v1' },
  google: { route: 'gemini', baseUrl: 'https://generativelanguage.googleapis.com/v1beta' },
  openrouter: { route: 'openrouter', baseUrl: 'https://openrouter.ai/api/v1' },
  opencode: { route: 'zen', baseUrl: 'https://opencode.ai/zen/v1' },
} as const

/** opencode: providers by the configuration that a variable holds, which is read last. Source: sst/opencode, `config/config.ts`. */
export const opencodeLauncher: AgentLauncher = {
  name: 'opencode',
  programs: ['opencode', 'opencode-ai'],
  routes: () => Object.values(PROVIDERS).map(({ route, baseUrl }) => ({ name: route, baseUrl })),
  launch: (setting) => ({
    args: [],
    env: {
      OPENCODE_CONFIG_CONTENT: JSON.stringify(merged(given(setting.env), configOf(setting))),
      OPENCODE_DISABLE_AUTOUPDATE: '1',
      OPENCODE_DISABLE_SHARE: '1',
      ...(setting.model === undefined ? {} : { OPENCODE_DISABLE_MODELS_FETCH: '1' }),
    },
  }),
  resume: ['--continue'],
}

type Config = Readonly<Record<string, unknown>>

function configOf({ urlOf, model }: LaunchSetting): Config {
  if (model === undefined) {
    const entries = Object.entries(PROVIDERS)
    return {
      provider: Object.fromEntries(entries.map(([id, { route }]) => [id, { options: { baseURL: urlOf(route) } }])),
    }
  }
  const limi = {
    npm: '@ai-sdk/openai-compatible',
    options: { baseURL: urlOf('openai'), apiKey: ANY_KEY },
    models: { [model]: {} },
  }
  return { provider: { limi }, model: `limi/${model}`, small_model: `limi/${model}` }
}

/** What the person has in the variable already; anything but an object is opencode's to refuse. */
function given(env: Environment): Config {
  try {
    const value: unknown = JSON.parse(valueOf(env, 'OPENCODE_CONFIG_CONTENT') ?? '{}')
    return isConfig(value) ? value : {}
  } catch {
    return {}
  }
}

const isConfig = (value: unknown): value is Config =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function merged(below: Config, above: Config): Config {
  const both = Object.entries(above).map(([key, value]) => {
    const under = Object.hasOwn(below, key) ? below[key] : undefined
    return [key, isConfig(under) && isConfig(value) ? merged(under, value) : value]
  })
  return { ...below, ...(Object.fromEntries(both) as Config) }
}
