import { ANY_KEY, valueOf, type AgentLauncher } from '../launch.js'

/** Qwen Code with an OpenAI-compatible model; its own login speaks to an address that no variable changes. Variables: QwenLM/qwen-code, docs. */
export const qwenLauncher: AgentLauncher = {
  name: 'qwen',
  programs: ['qwen', 'qwen-code'],
  routes: (env) => [{ name: 'openai', baseUrl: valueOf(env, 'OPENAI_BASE_URL') ?? 'https://api.openai.com/v1' }],
  launch: ({ urlOf, model }) => ({
    args: [],
    env: {
      OPENAI_BASE_URL: urlOf('openai'),
      QWEN_TELEMETRY_ENABLED: 'false',
      ...(model === undefined
        ? {}
        : { OPENAI_API_KEY: ANY_KEY, OPENAI_MODEL: model, QWEN_DEFAULT_AUTH_TYPE: 'openai' }),
    },
  }),
  resume: ['--continue'],
}
