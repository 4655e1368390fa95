/** An object of a file, whatever it holds. */
export type Fields = Readonly<Record<string, unknown>>

/** Whether a value is an object, and no list. */
export const isFields = (value: unknown): value is Fields =>
  value !== null && typeof value === 'object' && !Array.isArray(value)

/** The value where it is an object; otherwise one without fields. */
export const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {})

/** A field of a value of unknown shape. */
export const field = (value: unknown, name: string): unknown =>
  value !== null && typeof value === 'object' && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined

export const fieldsIn = (value: unknown, name: string): Fields => fieldsOf(field(value, name))

export function textIn(value: unknown, name: string): string | undefined {
  const text = field(value, name)
  return typeof text === 'string' ? text : undefined
}

export function listIn(value: unknown, name: string): readonly unknown[] {
  const list = field(value, name)
  return Array.isArray(list) ? list : []
}

/** Whether a value can be a number of tokens. */
export const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0
