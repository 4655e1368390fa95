import { ANY_KEY, type AgentLauncher } from '../launch.js'
import { otherLauncher } from '../other/launch.js'

/** mini-swe-agent, which speaks through LiteLLM: the variables that LiteLLM reads. Source: SWE-agent/mini-swe-agent, docs. */
export const miniSweAgentLauncher: AgentLauncher = {
  name: 'mini-swe-agent',
  programs: ['mini', 'mini-swe-agent', 'mini-extra'],
  routes: otherLauncher.routes,
  launch: (setting) => {
    const { urlOf, model } = setting
    return {
      args: [],
      env: {
        ...otherLauncher.launch(setting).env,
        ANTHROPIC_API_BASE: urlOf('anthropic'),
        GEMINI_API_BASE: urlOf('gemini'),
        ...(model === undefined
          ? {}
          : { MSWEA_MODEL_NAME: `openai/${model}`, MSWEA_COST_TRACKING: 'ignore_errors', OPENAI_API_KEY: ANY_KEY }),
      },
    }
  },
}
