import type { AgentUnderTest } from './agent-under-test.js'
import { claude } from './known/claude.js'
import { codex } from './known/codex.js'
import { gemini } from './known/gemini.js'
import { miniSweAgent } from './known/mini-swe-agent.js'
import { opencode } from './known/opencode.js'
import { qwen } from './known/qwen.js'

export const AGENTS: readonly AgentUnderTest[] = [claude, gemini, qwen, codex, opencode, miniSweAgent]
