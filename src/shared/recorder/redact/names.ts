/** What stands in place of what must not be kept. */
export const REDACTED = '[redacted]'

/** Headers that prove who asks. */
const KEY_HEADER =
  /^(?:cookie|set-cookie)$|(?:^|[-_])(?:api-?key|access-?key|subscription-key|functions-key|token|secret|password|credentials?|authorization|auth)$/
/** Headers that name the account: no key, but nobody's business. */
const ACCOUNT_HEADER = /(?:^|[-_])(?:organi[sz]ation|account|project|device|installation)(?:[-_]id)?$/
/** Parameters of an address, and of a form, that prove who asks. */
const KEY_PARAMETER =
  /^(?:key|sig|signature|code)$|(?:^|[-_])(?:api-?_?key|access_?key|token|secret|password|credentials?|authorization|auth)$|^(?:access|refresh|id)_?token$/i
/** Fields of documents that are no call to a model: a login that passes by. */
const KEY_FIELD = /^(?:access|refresh|id|session|auth)_?token$|(?:^|_)(?:api_?key|secret|password)$|^token$/i

/** What kind of secret a header's value is, by its lower-case name; null where it is none. */
export function headerKind(name: string): 'key' | 'cookie' | 'account' | null {
  if (name === 'cookie' || name === 'set-cookie') return 'cookie'
  if (KEY_HEADER.test(name)) return 'key'
  return ACCOUNT_HEADER.test(name) ? 'account' : null
}

export const isKeyParameter = (name: string): boolean => KEY_PARAMETER.test(name)
export const isKeyField = (name: string): boolean => KEY_FIELD.test(name)

/** Names of variables and options whose value is a key. */
const KEY_NAME = /(?:^|[-_])(?:api-?_?key|key|token|secret|password|credentials?)$/i
export const isKeyName = (name: string): boolean => KEY_NAME.test(name)
