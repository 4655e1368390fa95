/** A shorter value is a placeholder or a word, and cutting it out everywhere would spoil what was said. */
const SHORTEST = { key: 8, cookie: 16, account: 16 } as const

export type SecretKind = keyof typeof SHORTEST

/** Those that are long enough to be looked for in bodies. */
export const worthCutting = (values: readonly string[], kind: SecretKind): readonly string[] =>
  values.filter((value) => value.length >= SHORTEST[kind])

/** What must appear in no file, as the bytes by which it may stand in a body or an address. */
export class Secrets {
  #forms = new Map<string, Buffer>()
  #all: readonly Buffer[] = []

  add(values: readonly string[]): void {
    const before = this.#forms.size
    for (const value of values) {
      for (const form of [value, encodeURIComponentOf(value), JSON.stringify(value).slice(1, -1)]) {
        // Headers come as characters of one byte each.
        for (const bytes of [Buffer.from(form, 'latin1'), Buffer.from(form, 'utf8')]) {
          this.#forms.set(bytes.toString('latin1'), bytes)
        }
      }
    }
    if (this.#forms.size > before) this.#all = [...this.#forms.values()]
  }

  get all(): readonly Buffer[] {
    return this.#all
  }
}

function encodeURIComponentOf(value: string): string {
  try {
    return encodeURIComponent(value)
  } catch {
    return value
  }
}
