import { EngineError } from './errors.js'
import { Execution } from './execute.js'
import { fromJson } from './from-json.js'
import { globalScope } from './globals.js'
import { parseTemplate } from './parse-template.js'

export interface Template {
  /** Throws an `EngineError` where Jinja refuses the variables, or its answer is not known. */
  render(variables: Readonly<Record<string, unknown>>, now: Date | null): string
}

/** Reads a chat template as transformers does (trim_blocks, lstrip_blocks, loop controls, generation tags); throws an `EngineError`. */
export function openTemplate(source: string): Template {
  const body = shallow('template.unreadable', () => parseTemplate(source))
  return {
    render: (variables, now) =>
      shallow('value.prints-differently', () => {
        const context = globalScope(now).inner()
        for (const [name, value] of Object.entries(variables)) context.set(name, fromJson(value))
        return new Execution().print(body, context.inner())
      }),
  }
}

/** What nests too deep, or grows too long, for JavaScript is no bug of ours: it is refused like all that cannot be told. */
function shallow<T>(code: EngineError['code'], work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof RangeError) throw new EngineError(code, `too deep or too long: ${error.message}`)
    throw error
  }
}
