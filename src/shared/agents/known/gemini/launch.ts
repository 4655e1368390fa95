import { ANY_KEY, valueOf, type AgentLauncher } from '../launch.js'

/** Gemini CLI: with a key, and logged in by way of Code Assist, it speaks to two addresses. Variables: google-gemini/gemini-cli, docs/cli. */
export const geminiLauncher: AgentLauncher = {
  name: 'gemini',
  programs: ['gemini', 'gemini-cli'],
  routes: (env) => [
    {
      name: 'gemini',
      baseUrl: valueOf(env, 'GOOGLE_GEMINI_BASE_URL') ?? 'https://generativelanguage.googleapis.com',
    },
    { name: 'code-assist', baseUrl: valueOf(env, 'CODE_ASSIST_ENDPOINT') ?? 'https://cloudcode-pa.googleapis.com' },
  ],
  launch: ({ urlOf, model }) => ({
    args: [],
    env: {
      GOOGLE_GEMINI_BASE_URL: urlOf('gemini'),
      CODE_ASSIST_ENDPOINT: urlOf('code-assist'),
      GEMINI_TELEMETRY_ENABLED: 'false',
      ...(model === undefined ? {} : { GEMINI_API_KEY: ANY_KEY, GEMINI_MODEL: model }),
    },
  }),
  resume: ['--resume', 'latest'],
}
