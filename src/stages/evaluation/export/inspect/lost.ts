/** What has no place in a format, counted by name while it is written. */
export class Losses {
  readonly #counts = new Map<string, number>()

  add(what: string, times = 1): void {
    if (times > 0) this.#counts.set(what, (this.#counts.get(what) ?? 0) + times)
  }

  /** In order of name. */
  all(): { readonly field: string; readonly places: number }[] {
    return [...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([field, places]) => ({ field, places }))
  }
}
