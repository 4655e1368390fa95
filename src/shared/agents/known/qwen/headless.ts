import type { Headless } from '../headless.js'

const ALWAYS = ['--auth-type', 'openai', '--yolo']

/** Qwen Code in prompt mode. */
export const qwenHeadless: Headless = { first: ALWAYS, again: [...ALWAYS, '--continue'], home: {}, env: {} }
