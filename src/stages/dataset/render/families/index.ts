import { deepseek } from './deepseek.js'
import type { Family } from './family.js'
import { glm } from './glm.js'
import { harmony } from './harmony.js'
import { llama } from './llama.js'
import { mistrals } from './mistral.js'
import { qwen } from './qwen.js'

/** Families of chat templates that are known by their source, the narrower before the wider. */
export { applyEdits } from './edits.js'
export type { MessageForm, NextTags } from './family.js'
export { chatmlCandidates } from './chatml.js'

export const FAMILIES: readonly Family[] = [...qwen, ...llama, ...deepseek, ...harmony, ...glm, ...mistrals]
