import { headerKind, isKeyParameter, REDACTED } from './names.js'
import { worthCutting } from './secrets.js'

export type HeaderPairs = readonly (readonly [name: string, value: string])[]

/** What may be kept, and the values that were taken out of it. */
export interface Redacted<T> {
  readonly kept: T
  readonly secrets: readonly string[]
}

/** Headers without what proves or names who asks. */
export function redactHeaders(headers: HeaderPairs): Redacted<HeaderPairs> {
  const secrets: string[] = []
  const kept = headers.map(([name, value]): readonly [string, string] => {
    const kind = headerKind(name.toLowerCase())
    if (kind === null) return [name, value]
    secrets.push(...secretsIn(value, kind))
    return [name, kind === 'key' ? `${schemeOf(value)}${REDACTED}` : REDACTED]
  })
  return { kept, secrets }
}

/** An address without its keys; everything else of it stays to the letter. */
export function redactUrl(url: string): Redacted<string> {
  const at = url.indexOf('?')
  if (at === -1) return { kept: url, secrets: [] }
  const { kept, secrets } = redactForm(url.slice(at + 1))
  return { kept: `${url.slice(0, at)}?${kept}`, secrets }
}

/** The same of a form's text: `a=b&key=…`. */
export function redactForm(form: string): Redacted<string> {
  const secrets: string[] = []
  const parts = form.split('&').map((part) => {
    const equals = part.indexOf('=')
    if (equals === -1 || !isKeyParameter(decoded(part.slice(0, equals)))) return part
    const value = part.slice(equals + 1)
    secrets.push(...worthCutting([value, decoded(value)], 'key'))
    return `${part.slice(0, equals)}=${REDACTED}`
  })
  return { kept: parts.join('&'), secrets }
}

const SCHEME = /^[A-Za-z][\w-]* +(?=\S)/

const schemeOf = (value: string): string => SCHEME.exec(value)?.[0] ?? ''

function secretsIn(value: string, kind: 'key' | 'cookie' | 'account'): readonly string[] {
  if (kind === 'cookie') {
    return worthCutting(
      value.split(';').map((pair) => pair.slice(pair.indexOf('=') + 1).trim()),
      kind,
    )
  }
  const bare = value.replace(SCHEME, '').trim()
  const password = /^basic /i.test(value)
    ? Buffer.from(bare, 'base64')
        .toString('latin1')
        .replace(/^[^:]*:/, '')
    : ''
  return worthCutting([bare, password], kind)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}
