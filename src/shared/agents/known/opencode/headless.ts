import type { Headless } from '../headless.js'

/** opencode's run mode. */
export const opencodeHeadless: Headless = {
  first: ['run'],
  again: ['run', '--continue'],
  home: {},
  env: { OPENCODE_DISABLE_DEFAULT_PLUGINS: '1' },
}
