import type { Headless } from '../headless.js'

const ALWAYS = ['exec', '--skip-git-repo-check', '--dangerously-bypass-approvals-and-sandbox']

/** Codex in exec mode. The sandbox that it stands in takes the place of its own, which cannot be built inside another. */
export const codexHeadless: Headless = {
  first: [...ALWAYS, '-'],
  again: [...ALWAYS, 'resume', '--last', '-'],
  home: {},
  env: {},
}
