import type { ToolSpec } from '../../../nouns/index.js'
import { field, textIn } from '../../json/index.js'
import type { WireMessage } from '../dialect.js'

/** What chat completions take for a function's name. */
const LONGEST = 64
const JOINT = '__'

/**
 * The name of each tool for a model that knows no namespaces: its own, or with its namespace before it where several tools have the same.
 */
export function offeredNames(tools: readonly ToolSpec[]): ReadonlyMap<ToolSpec, string> {
  const plain = tools.filter((tool) => !isShared(tool, tools))
  const taken = new Set(plain.map(({ name }) => name))
  const names = new Map(plain.map((tool) => [tool, tool.name]))
  for (const tool of tools) {
    if (names.has(tool)) continue
    const name = untaken(joined(tool), taken)
    taken.add(name)
    names.set(tool, name)
  }
  return names
}

/** The tool that a model calls by the name that it was offered; a script may call one that is not offered by its own. */
export function toolCalled(name: string, tools: readonly ToolSpec[]): ToolSpec | undefined {
  for (const [tool, offered] of offeredNames(tools)) if (offered === name) return tool
  return tools.find((tool) => tool.name === name)
}

/** A conversation whose calls have the names that the tools are offered by; undefined where all have their own. */
export function renamed(
  messages: readonly WireMessage[],
  tools: readonly ToolSpec[],
): readonly WireMessage[] | undefined {
  const names = offeredNames(tools)
  const others = tools.filter((tool) => names.get(tool) !== tool.name)
  if (others.length === 0) return undefined
  return messages.map((message) => {
    const { toolCalls } = message
    if (toolCalls === undefined) return message
    return {
      ...message,
      toolCalls: toolCalls.map((call) => {
        const namespace = field(call.extra?.['openai'], 'namespace')
        const tool = others.find((one) => one.name === call.name && one['namespace'] === namespace)
        return tool === undefined ? call : { ...call, name: names.get(tool) ?? call.name }
      }),
    }
  })
}

/** Whether another tool has its name, and its namespace tells them apart. */
const isShared = (tool: ToolSpec, tools: readonly ToolSpec[]): boolean =>
  textIn(tool, 'namespace') !== undefined && tools.some((one) => one !== tool && one.name === tool.name)

function joined(tool: ToolSpec): string {
  const namespace = (textIn(tool, 'namespace') ?? '').replace(/[^\w-]/g, '_')
  return `${namespace}${namespace.endsWith(JOINT) ? '' : JOINT}${tool.name}`.slice(-LONGEST)
}

function untaken(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name
  for (let count = 2; ; count += 1) {
    const end = `_${count}`
    const other = `${name.slice(0, LONGEST - end.length)}${end}`
    if (!taken.has(other)) return other
  }
}
