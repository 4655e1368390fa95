import { readFileSync } from 'node:fs'
import path from 'node:path'
import { valueOf, type AgentLauncher, type Environment } from '../launch.js'

/** Codex. Its settings are those of openai/codex, `codex-rs/core/config.schema.json`; arguments before them stand above its files. */
export const codexLauncher: AgentLauncher = {
  name: 'codex',
  programs: ['codex'],
  routes: (env) => [{ name: 'openai', baseUrl: baseUrlOf(env) }],
  launch: ({ urlOf, model }) => ({
    env: {},
    args: settings({
      ...(model === undefined ? { openai_base_url: urlOf('openai') } : inPlaceOf(model, urlOf('openai'))),
      'analytics.enabled': false,
      check_for_update_on_startup: false,
    }),
  }),
  resume: ['resume', '--last'],
}

/** `openai_base_url` stands for the address of the API and of a subscription's login alike, which lie elsewhere. */
function baseUrlOf(env: Environment): string {
  const given = valueOf(env, 'OPENAI_BASE_URL')
  if (given !== undefined) return given
  return hasSubscription(env) ? 'https://chatgpt.com/backend-api/codex' : 'https://api.openai.com/v1'
}

function hasSubscription(env: Environment): boolean {
  if (valueOf(env, 'CODEX_API_KEY') !== undefined) return false
  const home = valueOf(env, 'CODEX_HOME') ?? path.join(valueOf(env, 'HOME') ?? '', '.codex')
  try {
    const login: unknown = JSON.parse(readFileSync(path.join(home, 'auth.json'), 'utf8'))
    return typeof login === 'object' && login !== null && 'tokens' in login && login.tokens !== null
  } catch {
    return false
  }
}

const inPlaceOf = (model: string, url: string) => ({
  model,
  model_provider: 'limi',
  'model_providers.limi.name': 'limi',
  'model_providers.limi.base_url': url,
  'model_providers.limi.wire_api': 'responses',
})

/** A JSON text or truth value is TOML too. */
const settings = (values: Readonly<Record<string, string | boolean>>): string[] =>
  Object.entries(values).flatMap(([key, value]) => ['-c', `${key}=${JSON.stringify(value)}`])
