import { own } from '../../../nouns/index.js'
import type { ReadRequest } from './format.js'
import { parsed } from './json-text.js'

/** Names and values that stand one after another, each by a sticky pattern with both as its groups; null where something else stands between. */
export function pairsIn(text: string, pattern: RegExp): readonly (readonly [string, string])[] | null {
  const pairs: (readonly [string, string])[] = []
  for (let place = 0; place < text.length;) {
    pattern.lastIndex = place
    const [found, name, value] = pattern.exec(text) ?? []
    if (found === undefined || name === undefined || value === undefined) return null
    pairs.push([name, value])
    place += found.length
  }
  return pairs
}

/** What a value that is no text may be written as, other than JSON. */
export type OtherWords = Readonly<Record<string, string>>

/**
 * Arguments whose texts stand bare, as one JSON object. The tool's schema says what a value is, since nothing else tells the text 5 from
 * the number; where it says nothing, what is JSON is taken for JSON, unless it is a text in quotation marks.
 */
export function asObject(
  given: readonly (readonly [string, string])[],
  call: { readonly request: ReadRequest; readonly name: string; readonly words?: OtherWords },
): string {
  const types = typesOfArguments(call.request, call.name)
  const members = given.map(([key, value]) => {
    const written = asJson(value, types(key), call.words ?? {})
    return `${JSON.stringify(key)}: ${written}`
  })
  return `{${members.join(', ')}}`
}

interface Schema {
  readonly type?: unknown
  readonly anyOf?: unknown
  readonly oneOf?: unknown
}

function typesOfArguments({ tools }: ReadRequest, name: string): (key: string) => readonly string[] {
  const parameters = tools.find((tool) => tool.name === name)?.parameters as
    { readonly properties?: Readonly<Record<string, Schema | undefined>> } | undefined
  const properties = new Map(Object.entries(parameters?.properties ?? {}))
  return (key) => typesOf(properties.get(key))
}

/** Of a schema and of the choices in it, as an optional text has them. */
function typesOf(schema: unknown): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return []
  const { type, anyOf, oneOf } = schema as Schema
  const choices = [anyOf, oneOf].flatMap((list) => (Array.isArray(list) ? (list as unknown[]).flatMap(typesOf) : []))
  return [...[type].flat().filter((one) => typeof one === 'string'), ...choices]
}

function asJson(value: string, types: readonly string[], words: OtherWords): string {
  const others = types.filter((type) => type !== 'string')
  if (types.includes('string')) {
    const isNone = others.includes('null') && (value === 'null' || own(words, value) === 'null')
    return isNone ? 'null' : JSON.stringify(value)
  }
  const written = (others.length > 0 ? own(words, value.trim()) : undefined) ?? value
  const inner = parsed(written)
  // A text in quotation marks is a text that has them: templates print texts bare.
  return inner === undefined || typeof inner === 'string' ? JSON.stringify(value) : written.trim()
}
