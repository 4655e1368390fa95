const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g
const HEX = /(?<![0-9a-zA-Z-])[0-9a-f]{16,}(?![0-9a-zA-Z-])/g
const SESSION = /(?<![0-9a-zA-Z])ses_[0-9a-zA-Z]{12,}/g

/** Numbers in place of what names a machine, an installation or a session: the same for the same name, and of the same form. */
export class Ids {
  readonly #known = new Map<string, string>()

  neutral(text: string): string {
    return text
      .replace(UUID, (id) => this.#numbered(id, (n) => `00000000-0000-4000-8000-${n.padStart(12, '0')}`))
      .replace(HEX, (id) => this.#numbered(id, (n) => n.padStart(id.length, '0')))
      .replace(SESSION, (id) => this.#numbered(id, (n) => `ses_${n.padStart(12, '0')}`))
  }

  #numbered(id: string, name: (number: string) => string): string {
    if (/^(?:ses_)?0{4}/.test(id)) return id
    const known = this.#known.get(id)
    if (known !== undefined) return known
    const made = name(String(this.#known.size + 1))
    this.#known.set(id, made)
    return made
  }
}
