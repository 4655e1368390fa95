import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { ChatMessage, ToolDefinition } from '../conversation/index.js'
import type { Talk } from './talks.js'

interface Part {
  readonly type: 'text' | 'reasoning' | 'tool_call'
  readonly value: string
}

interface ReasoningRow {
  readonly messages: readonly { readonly role: string; readonly content: readonly Part[] }[]
  readonly tools: string
}

interface Simulation {
  readonly messages: readonly {
    readonly role: string
    readonly content: string | null
    readonly id?: string
    readonly requestor?: string
    readonly tool_calls?: readonly { readonly id: string; readonly name: string; readonly arguments: object }[] | null
  }[]
}

const lines = (file: string): string[] => readFileSync(file, 'utf8').trim().split('\n')

/** Real conversations with tools: LLaMA-Factory's samples with reasoning and recorded runs of τ²-bench, from the shared data. */
export function sharedTalks(folder: string): readonly Talk[] {
  const rows = lines(path.join(folder, 'sft', 'llamafactory-reason_tool_use_demo_50.jsonl'))
  const reasoned = rows.map((line, index) => fromRow(JSON.parse(line) as ReasoningRow, `reason_tool_use ${index}`))
  const runs = ['airline-gpt-4.1', 'retail-gpt-4.1'].flatMap((name) => {
    const file = path.join(folder, 'tau2', 'runs', `${name}.json`)
    const policy = readFileSync(path.join(folder, 'tau2', name.split('-')[0] ?? '', 'policy.md'), 'utf8')
    const { simulations } = JSON.parse(readFileSync(file, 'utf8')) as { readonly simulations: readonly Simulation[] }
    return simulations.map((simulation, index) => fromSimulation(simulation, policy, `${name} ${index}`))
  })
  return [...reasoned, ...runs]
}

/** Nine letters and digits, as Mistral's templates ask. */
const nine = (id: string): string => createHash('sha256').update(id).digest('hex').slice(0, 9)

function fromRow({ messages, tools }: ReasoningRow, name: string): Talk {
  const pending: string[] = []
  const chats = messages.map(({ role, content }, at): ChatMessage => {
    const said = (type: Part['type']) => content.filter((part) => part.type === type).map(({ value }) => value)
    const calls = said('tool_call').map((text, index) => {
      const id = nine(`${name} ${at} ${index}`)
      pending.push(id)
      return { id, type: 'function' as const, function: JSON.parse(text) as { name: string; arguments: unknown } }
    })
    const reasoning = said('reasoning').join('\n')
    return {
      role,
      content: said('text').join('\n'),
      ...(reasoning === '' ? {} : { reasoning_content: reasoning }),
      ...(calls.length === 0 ? {} : { tool_calls: calls }),
      ...(role === 'tool' ? { tool_call_id: pending.shift() ?? nine(name) } : {}),
    }
  })
  const offered = JSON.parse(tools) as readonly ToolDefinition[]
  return { name, messages: chats, tools: offered.length === 0 ? null : offered }
}

/** Without the greeting that no model made, and without what only the simulated user did. */
function fromSimulation({ messages }: Simulation, policy: string, name: string): Talk {
  const chats: ChatMessage[] = [{ role: 'system', content: policy }]
  for (const { role, content, id, tool_calls: calls, requestor } of messages.slice(1)) {
    if (role === 'tool' && requestor !== 'assistant') continue
    chats.push({
      role,
      content: content ?? '',
      ...(role === 'tool' ? { tool_call_id: nine(id ?? '') } : {}),
      ...(role !== 'assistant' || !calls?.length
        ? {}
        : {
            tool_calls: calls.map((call) => ({
              id: nine(call.id),
              type: 'function' as const,
              function: { name: call.name, arguments: call.arguments },
            })),
          }),
    })
  }
  return { name, messages: chats, tools: null }
}
