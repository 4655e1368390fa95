import { tooDeepAt } from './nesting.js'

/** The value of JSON text; null for what is none, or nests deeper than recursive readers may be given. */
export function readJson(text: string): { readonly value: unknown } | null {
  if (tooDeepAt(text) !== null) return null
  try {
    return { value: JSON.parse(text) as unknown }
  } catch {
    return null
  }
}
