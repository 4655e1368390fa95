import { ANY_KEY, valueOf, type AgentLauncher } from '../launch.js'

/** Claude Code. Variables: code.claude.com/docs, "Settings" and "LLM gateway". */
export const claudeLauncher: AgentLauncher = {
  name: 'claude',
  programs: ['claude', 'claude-code'],
  routes: (env) => [{ name: 'anthropic', baseUrl: valueOf(env, 'ANTHROPIC_BASE_URL') ?? 'https://api.anthropic.com' }],
  launch: ({ urlOf, model }) => ({
    args: [],
    env: {
      ANTHROPIC_BASE_URL: urlOf('anthropic'),
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      DISABLE_TELEMETRY: '1',
      DISABLE_ERROR_REPORTING: '1',
      DISABLE_AUTOUPDATER: '1',
      ...(model === undefined ? {} : inPlaceOf(model)),
    },
  }),
  resume: ['--continue'],
}

/** A bearer token is taken without a question; for an API key the program asks on the terminal. */
const inPlaceOf = (model: string) => ({
  ANTHROPIC_API_KEY: undefined,
  ANTHROPIC_AUTH_TOKEN: ANY_KEY,
  ANTHROPIC_MODEL: model,
  ANTHROPIC_SMALL_FAST_MODEL: model,
  ANTHROPIC_DEFAULT_HAIKU_MODEL: model,
  ANTHROPIC_DEFAULT_SONNET_MODEL: model,
  ANTHROPIC_DEFAULT_OPUS_MODEL: model,
  CLAUDE_CODE_SUBAGENT_MODEL: model,
})
