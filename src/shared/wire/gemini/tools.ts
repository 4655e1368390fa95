import type { ToolSpec } from '../../../nouns/index.js'
import { field, isFields, listIn, MAX_NESTING, omit, type Fields } from '../../json/index.js'
import { camel } from './names.js'

/** Functions of the agent's own; and what Google runs itself (`googleSearch`), under its name. */
export function toolsFrom(tools: unknown): readonly ToolSpec[] {
  return (Array.isArray(tools) ? tools : []).flatMap((one: unknown) => {
    const entry = camel(one)
    const functions = listIn(entry, 'functionDeclarations').map(functionFrom)
    const others = Object.entries(omit(entry, 'functionDeclarations'))
    return [...functions, ...others.map(([name, value]) => ({ name, gemini: { [name]: value } }))]
  })
}

/** Whether a tool is one that Google runs. */
export const isBuiltIn = (tool: ToolSpec): boolean => field(tool['gemini'], tool.name) !== undefined

function functionFrom(declaration: unknown): ToolSpec {
  const { name, description, parametersJsonSchema, parameters, ...rest } = camel(declaration)
  const schema = isFields(parametersJsonSchema) ? parametersJsonSchema : lowered(parameters)
  return {
    name: typeof name === 'string' ? name : '',
    ...(typeof description === 'string' ? { description } : {}),
    ...(isFields(schema) ? { parameters: { ...schema } } : {}),
    ...(Object.keys(rest).length === 0 ? {} : { gemini: rest }),
  }
}

/** Gemini's own schemas are JSON Schema with the names of types in capitals. */
function lowered(schema: unknown, depth = 0): unknown {
  if (depth > MAX_NESTING) return schema
  if (Array.isArray(schema)) return schema.map((one: unknown) => lowered(one, depth + 1))
  if (!isFields(schema)) return schema
  const { type, properties } = schema
  const deeper = ['items', 'anyOf', 'prefixItems', 'additionalProperties'].filter((key) => schema[key] !== undefined)
  return {
    ...schema,
    ...(typeof type === 'string' && /^[A-Z]+$/.test(type) ? { type: type.toLowerCase() } : {}),
    ...(isFields(properties) ? { properties: loweredIn(properties, depth) } : {}),
    ...Object.fromEntries(deeper.map((key) => [key, lowered(schema[key], depth + 1)])),
  }
}

const loweredIn = (properties: Fields, depth: number): Fields =>
  Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, lowered(one, depth + 1)]))
