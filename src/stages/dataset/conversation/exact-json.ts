/** JSON kept as its text, where JavaScript's values would lose how it was written: 1.0, integers beyond 2^53, keys that look like numbers. */
export class ExactJson {
  constructor(readonly text: string) {}

  /** For writers of plain JSON, which cannot hold it better. */
  toJSON(): unknown {
    return JSON.parse(this.text)
  }
}
