/** How a known agent works without a person at a terminal. What the person says is given to its standard input. */
export interface Headless {
  /** Arguments for the first message of a session. */
  readonly first: readonly string[]
  /** Arguments for each later one: it goes on with the last session of the current folder. */
  readonly again: readonly string[]
  /** Files of its home that keep it from asking anything, by path. */
  readonly home: Readonly<Record<string, string>>
  readonly env: Readonly<Record<string, string>>
}
