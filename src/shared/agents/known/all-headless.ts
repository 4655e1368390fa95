import { claudeHeadless } from './claude/headless.js'
import { codexHeadless } from './codex/headless.js'
import { geminiHeadless } from './gemini/headless.js'
import type { Headless } from './headless.js'
import { opencodeHeadless } from './opencode/headless.js'
import { qwenHeadless } from './qwen/headless.js'

/** Agents that work on their own in a sandbox, by their names. */
export const HEADLESS = {
  claude: claudeHeadless,
  codex: codexHeadless,
  gemini: geminiHeadless,
  qwen: qwenHeadless,
  opencode: opencodeHeadless,
} as const satisfies Readonly<Record<string, Headless>>
