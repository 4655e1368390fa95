import { claudeHabits } from './claude/habits.js'
import { codexHabits } from './codex/habits.js'
import { geminiHabits } from './gemini/habits.js'
import type { AgentHabits } from './habits.js'
import { miniSweAgentHabits } from './mini-swe-agent/habits.js'
import { opencodeHabits } from './opencode/habits.js'
import { otherHabits } from './other/habits.js'
import { qwenHabits } from './qwen/habits.js'

const HABITS: readonly AgentHabits[] = [
  claudeHabits,
  codexHabits,
  geminiHabits,
  qwenHabits,
  opencodeHabits,
  miniSweAgentHabits,
]

/** How the known agent of this name talks; of any other, what is known of none in particular. */
export const habitsNamed = (name: string): AgentHabits => HABITS.find((one) => one.name === name) ?? otherHabits
