import type { ToolSpec } from '../../../../nouns/index.js'
import { fieldsOf, isFields } from '../values.js'

/** `agent.tool_definitions`, functions as OpenAI writes them; null where one of them is something else, and all stay as they came. */
export function toolsFrom(given: unknown): ToolSpec[] | null {
  if (!Array.isArray(given)) return null
  const specs = (given as unknown[]).map(specFrom)
  return specs.every((spec) => spec !== null) ? specs : null
}

function specFrom(raw: unknown): ToolSpec | null {
  const { function: fn, type, ...wrapper } = fieldsOf(raw)
  const { name, description, parameters, ...more } = fieldsOf(fn)
  if (typeof name !== 'string' || !isTextOrAbsent(description)) return null
  if (parameters !== undefined && !isFields(parameters)) return null
  const around = type === 'function' ? wrapper : { ...wrapper, type: type ?? null }
  return {
    name,
    ...(description === undefined ? {} : { description }),
    ...(parameters === undefined ? {} : { parameters }),
    ...more,
    ...(Object.keys(around).length === 0 ? {} : { atif: around }),
  }
}

/** The definition that {@link toolsFrom} reads a function back from. */
export function toolOut({ atif, ...spec }: ToolSpec): Record<string, unknown> {
  return { type: 'function', ...fieldsOf(atif), function: spec }
}

const isTextOrAbsent = (value: unknown): value is string | undefined => value === undefined || typeof value === 'string'
