import type { Piece } from './format.js'

/** Text that has come and was not told apart yet. */
export class Held {
  text = ''

  add(chunk: string): void {
    this.text += chunk
  }

  take(length = this.text.length): string {
    const taken = this.text.slice(0, length)
    this.text = this.text.slice(length)
    return taken
  }
}

/** All that a reader's steps give until one needs more text, for which it gives null. */
export function untilMore(step: () => readonly Piece[] | null): readonly Piece[] {
  const pieces: Piece[] = []
  for (let more = step(); more !== null; more = step()) pieces.push(...more)
  return pieces
}
