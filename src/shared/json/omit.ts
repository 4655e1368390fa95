/** A copy without some fields. */
export function omit<Value extends object, Key extends keyof Value>(value: Value, ...keys: Key[]): Omit<Value, Key> {
  const names: readonly PropertyKey[] = keys
  const left: Partial<Record<string, unknown>> = {}
  for (const key of Object.keys(value)) {
    if (names.includes(key)) continue
    const one = (value as Record<string, unknown>)[key]
    // By assignment it would become the prototype.
    if (key === '__proto__') Object.defineProperty(left, key, { value: one, ...FIELD })
    else left[key] = one
  }
  return left as Omit<Value, Key>
}

const FIELD = { enumerable: true, configurable: true, writable: true } as const
