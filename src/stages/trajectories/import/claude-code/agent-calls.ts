import { fieldsIn } from '../values.js'
import { textOf, type Line, type MessageLine } from './line.js'

/** The call that started a sub-agent, and where it stands. */
export interface AgentCall {
  readonly id: string
  readonly thread: string
  readonly message: string
}

const STARTERS = new Set(['Task', 'Agent'])

/** Ties sub-agents to the calls that started them: by the agent's id where a line names it, else by the prompt. */
export class AgentCalls {
  readonly #calls = new Map<string, AgentCall>()
  readonly #byAgent = new Map<string, string>()
  readonly #used = new Set<string>()
  /** Calls with the same prompt, in order. */
  readonly #byPrompt = new Map<string, AgentCall[]>()

  /** Takes the calls of one line of an answer. */
  start(line: MessageLine, thread: string, message: string): void {
    const { content } = line.message
    for (const block of Array.isArray(content) ? content : []) {
      if (typeof block === 'string' || block.type !== 'tool_use') continue
      const id = textOf(block, 'id')
      if (id === undefined || !STARTERS.has(textOf(block, 'name') ?? '')) continue
      if (this.#calls.has(id)) continue
      const call = { id, thread, message }
      this.#calls.set(id, call)
      const prompt = textOf(fieldsIn(block, 'input'), 'prompt') ?? ''
      const alike = this.#byPrompt.get(prompt)
      if (alike === undefined) this.#byPrompt.set(prompt, [call])
      else alike.push(call)
    }
  }

  /** A result names its agent in `toolUseResult.agentId`, a report of progress in `data.agentId`. */
  learn(line: Line): void {
    const agent = textOf(fieldsIn(line, 'toolUseResult'), 'agentId') ?? textOf(fieldsIn(line, 'data'), 'agentId')
    if (agent === undefined) return
    const call = line['type'] === 'user' ? resultIn(line) : textOf(line, 'parentToolUseID')
    if (call !== undefined) this.#byAgent.set(agent, call)
  }

  knows(agent: string): boolean {
    return this.#calls.has(this.#byAgent.get(agent) ?? '')
  }

  find(agent: string | undefined, prompt: string): AgentCall | undefined {
    const named = this.#calls.get(this.#byAgent.get(agent ?? '') ?? '')
    const found = named ?? this.#next(prompt)
    if (found !== undefined) this.#used.add(found.id)
    return found
  }

  /** The first call with this prompt that no sub-agent was tied to yet. */
  #next(prompt: string): AgentCall | undefined {
    const alike = this.#byPrompt.get(prompt) ?? []
    while (alike[0] !== undefined && this.#used.has(alike[0].id)) alike.shift()
    return alike[0]
  }
}

function resultIn(line: Line): string | undefined {
  const content = fieldsIn(line, 'message')['content']
  const blocks: unknown[] = Array.isArray(content) ? content : []
  return blocks.map((block) => textOf((block ?? {}) as Line, 'tool_use_id')).find((id) => id !== undefined)
}
