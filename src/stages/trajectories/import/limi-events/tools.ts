import { ToolSpec } from '../../../../nouns/index.js'
import type { Oddities } from '../oddities.js'
import { isFields, type Fields } from '../values.js'

/**
 * The functions of a request's `tools`: `[{functionDeclarations: [{name, description, parameters}]}]`. A tool that is no function (a search of the
 * provider's own) is kept under its field's name.
 */
export function toolsIn(given: unknown, oddities: Oddities): ToolSpec[] {
  if (!Array.isArray(given)) return []
  return given
    .filter(isFields)
    .flatMap(({ functionDeclarations: declared, ...others }) => [
      ...(Array.isArray(declared) ? declared.filter(isFields).map((one) => specFrom(one, oddities)) : []),
      ...Object.entries(others).map(([name, value]) => ({ name, limiEvents: { [name]: value } })),
    ])
}

function specFrom(declared: Fields, oddities: Oddities): ToolSpec {
  const parsed = ToolSpec.safeParse(declared)
  if (parsed.success) return declared as ToolSpec
  oddities.count('malformed-tool')
  return { name: typeof declared['name'] === 'string' ? declared['name'] : '', limiEvents: declared }
}
