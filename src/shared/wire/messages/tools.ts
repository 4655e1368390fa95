import type { ToolSpec } from '../../../nouns/index.js'
import { isFields, omit } from '../../json/index.js'

/** Anything with a name. */
export interface RawTool {
  readonly [field: string]: unknown
  readonly name: string
}

/** Tools with an `input_schema`, and those that the provider runs, which have a `type` and no schema. */
export const toolFrom = (raw: RawTool): ToolSpec => {
  const { name, description, input_schema: schema } = raw
  const isSchema = isFields(schema)
  const isText = typeof description === 'string'
  const rest = omit(raw, 'name', ...(isText ? ['description'] : []), ...(isSchema ? ['input_schema'] : []))
  return {
    name,
    ...(isText ? { description } : {}),
    ...(isSchema ? { parameters: schema } : {}),
    ...(Object.keys(rest).length === 0 ? {} : { anthropic: rest }),
  }
}
