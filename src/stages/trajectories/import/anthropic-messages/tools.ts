import type { ToolSpec } from '../../../../nouns/index.js'
import { omit } from '../omit.js'
import { isFields } from '../values.js'
import type { Request } from './record.js'

type RawTool = NonNullable<NonNullable<Request['tools']>[number]>

/** Tools with an `input_schema`, and those that the provider runs, which have a `type` and no schema. */
export const toolFrom = (raw: RawTool): ToolSpec => {
  const { name, description, input_schema: schema } = raw
  const isSchema = isFields(schema)
  const rest = omit(raw, 'name', 'description', ...(isSchema ? ['input_schema'] : []))
  return {
    name,
    ...(typeof description === 'string' ? { description } : {}),
    ...(isSchema ? { parameters: schema } : {}),
    ...(Object.keys(rest).length === 0 ? {} : { anthropic: rest }),
  }
}
