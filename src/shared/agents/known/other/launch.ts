import { ANY_KEY, valueOf, type AgentLauncher } from '../launch.js'

/** Any other program: the variables that the providers' own clients read, and most agents with them. */
export const otherLauncher: AgentLauncher = {
  name: 'other',
  programs: [],
  routes: (env) => [
    {
      name: 'openai',
      baseUrl: valueOf(env, 'OPENAI_BASE_URL') ?? valueOf(env, 'OPENAI_API_BASE') ?? 'https://api.openai.com/v1',
    },
    { name: 'anthropic', baseUrl: valueOf(env, 'ANTHROPIC_BASE_URL') ?? 'https://api.anthropic.com' },
    {
      name: 'gemini',
      baseUrl: valueOf(env, 'GOOGLE_GEMINI_BASE_URL') ?? 'https://generativelanguage.googleapis.com',
    },
  ],
  launch: ({ urlOf, model }) => ({
    args: [],
    env: {
      OPENAI_BASE_URL: urlOf('openai'),
      OPENAI_API_BASE: urlOf('openai'),
      ANTHROPIC_BASE_URL: urlOf('anthropic'),
      GOOGLE_GEMINI_BASE_URL: urlOf('gemini'),
      ...(model === undefined
        ? {}
        : { OPENAI_API_KEY: ANY_KEY, ANTHROPIC_API_KEY: ANY_KEY, GEMINI_API_KEY: ANY_KEY, OPENAI_MODEL: model }),
    },
  }),
}
