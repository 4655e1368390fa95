const MARK = 'limi:notFinite'

/** JSON of a value, in which numbers that JSON would turn into null stay what they are: wrong, by name. */
export const asJson = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'number' && !Number.isFinite(inner) ? { [MARK]: String(inner) } : inner,
  )

/** `NaN`, `Infinity` or `-Infinity` where a value that came as {@link asJson} is that; null where it is not. */
export function notFinite(value: unknown): string | null {
  const name = isRecord(value) ? value[MARK] : undefined
  return typeof name === 'string' ? name.slice(0, 20) : null
}

/** A number in a value that is not finite, as `tasks.0.seconds is NaN`; null where there is none. However deep: no recursion. */
export function notFiniteIn(value: unknown): string | null {
  const left = [{ place: '', value }]
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { place, value: inner } = next
    const name = notFinite(inner)
    if (name !== null) return `${place} is ${name}`
    if (!isRecord(inner)) continue
    for (const [key, one] of Object.entries(inner))
      left.push({ place: place === '' ? key : `${place}.${key}`, value: one })
  }
  return null
}

export const isRecord = (value: unknown): value is Record<PropertyKey, unknown> =>
  typeof value === 'object' && value !== null
