import { done, failed, type Result } from '../../nouns/index.js'
import { endOfString, MAX_NESTING, tooDeepAt } from './nesting.js'

const BYTE_ORDER_MARK = '\ufeff'

/**
 * JSON as Python writes it: the bare words `NaN`, `Infinity` and `-Infinity`, which JSON has not, come back as strings of these letters.
 * Failures: `json.invalid`, `json.too-deep`; `where` names the text's place in them.
 */
export function parsePythonJson(text: string, where: string): Result<unknown> {
  const body = text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text
  const deep = tooDeepAt(body)
  if (deep !== null) {
    return failed({
      kind: 'input',
      code: 'json.too-deep',
      message: `nested more than ${MAX_NESTING} deep, from character ${deep + 1} on`,
      where,
      remedy: 'leave it out: no program that evaluates writes this',
    })
  }
  const value = parsed(body) ?? parsed(withoutConstants(body))
  if (value !== null) return done(value.value)
  return failed({ kind: 'input', code: 'json.invalid', message: 'this is not JSON, or was cut', where, remedy: REMEDY })
}

const REMEDY = 'copy the file again from where it was written'

function parsed(text: string): { readonly value: unknown } | null {
  try {
    return { value: JSON.parse(text) as unknown }
  } catch {
    return null
  }
}

/** Outside of strings alone: a text may speak of NaN. */
function withoutConstants(text: string): string {
  const pieces: string[] = []
  let from = 0
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', from)) {
    const end = endOfString(text, at) + 1
    pieces.push(quoted(text.slice(from, at)), text.slice(at, end))
    from = end
  }
  return pieces.concat(quoted(text.slice(from))).join('')
}

const quoted = (between: string): string => between.replace(/-?\bInfinity\b|\bNaN\b/g, '"$&"')
