import type { Headless } from '../headless.js'

const ALWAYS = ['-p', '--dangerously-skip-permissions']

/** Claude Code's print mode. It asks for no permission, which it refuses to root: in a sandbox nobody is. */
export const claudeHeadless: Headless = { first: ALWAYS, again: [...ALWAYS, '--continue'], home: {}, env: {} }
