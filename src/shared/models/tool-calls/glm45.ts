import type { AnswerFormat, ReadRequest } from './format.js'
import { parsed } from './json-text.js'
import { taggedReader, type TaggedCalls } from './tagged.js'

const CALL = /^\s*([^\s<]+)\s*((?:<arg_key>[^]*)?)$/
const ARGUMENT = /<arg_key>([^]*?)<\/arg_key>\s*<arg_value>([^]*?)<\/arg_value>(?=\s*(?:<arg_key>|$))\s*/y

/** `NAME`, then `<arg_key>` and `<arg_value>` for each argument. Strings stand bare, other values as JSON. */
const calls: TaggedCalls = {
  endsInsideValue: (body) => body.lastIndexOf('<arg_value>') > body.lastIndexOf('</arg_value>'),
  read(body, request) {
    const [, name, rest = ''] = CALL.exec(body) ?? []
    const given = argumentsIn(rest)
    if (name === undefined || given === null) return null
    const written = given.map(([key, value]) => `${JSON.stringify(key)}: ${asJson(value, typeOf(request, name, key))}`)
    return { name, arguments: `{${written.join(', ')}}` }
  },
}

function argumentsIn(rest: string): readonly (readonly [string, string])[] | null {
  const given: (readonly [string, string])[] = []
  let place = 0
  while (place < rest.length) {
    ARGUMENT.lastIndex = place
    const [found, key, value] = ARGUMENT.exec(rest) ?? []
    if (found === undefined || key === undefined || value === undefined) return null
    given.push([key, value])
    place += found.length
  }
  return given
}

/** What the tool's schema says of an argument; the text alone does not tell the string 5 from the number. */
function typeOf({ tools }: ReadRequest, name: string, key: string): unknown {
  const parameters = tools.find((tool) => tool.name === name)?.parameters as
    { readonly properties?: Readonly<Record<string, { readonly type?: unknown } | undefined>> } | undefined
  return parameters?.properties?.[key]?.type
}

/** The template prints strings bare, so a value in quotation marks is a string that has them. */
function asJson(value: string, type: unknown): string {
  const inner = type === 'string' ? undefined : parsed(value)
  return inner === undefined || typeof inner === 'string' ? JSON.stringify(value) : value.trim()
}

/** GLM-4.5 and 4.6: tags for keys and values between `<tool_call>` and `</tool_call>`, reasoning in `<think>`. */
export const glm45: AnswerFormat = {
  name: 'glm-4.5',
  readsCalls: true,
  marksAreSpecial: false,
  open: (request) => taggedReader(calls, request),
}
