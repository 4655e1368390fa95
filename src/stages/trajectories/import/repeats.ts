import { digestOfValue } from '../../../shared/project/index.js'
import type { Oddities } from './oddities.js'
import type { Fields } from './values.js'

/** What a file holds once may be written as often as this, which bounds what a short hostile file can blow up to. */
const TIMES = 16
/** So that what real files share is whole in each of their trajectories, however short these are. */
const FIRST_CREDIT = 1 << 20
const STEP = 64

/** How much of what a file holds once may be written again: a multiple of the bytes that were read of it so far. */
export class Repeats {
  #credit = FIRST_CREDIT

  read(bytes: number): void {
    this.#credit += bytes * TIMES
  }

  /** False where so much may not be written again; then nothing is spent. */
  spend(bytes: number): boolean {
    if (bytes + STEP > this.#credit) return false
    this.#credit -= bytes + STEP
    return true
  }
}

/** What a file says of several of its trajectories: whole in the first, and in the others as long as the credit lasts. */
export class SharedFields {
  readonly #fields: Fields
  #held: { readonly by: number; readonly digest: string; readonly bytes: number } | null = null

  constructor(fields: Fields) {
    this.#fields = fields
  }

  /** The fields; or, under `shared`, their digest and the place of the file's trajectory that holds them. @param index of the trajectory */
  for(index: number, repeats: Repeats, oddities: Oddities): Fields {
    if (this.#held === null) {
      this.#held = { by: index, digest: digestOfValue(this.#fields), bytes: bytesOf(this.#fields) }
      return this.#fields
    }
    const { by, digest, bytes } = this.#held
    if (repeats.spend(bytes)) return this.#fields
    oddities.count('shared-fields-named')
    return { shared: { digest, heldByTrajectory: by } }
  }
}

/** As JSON. */
export const bytesOf = (value: unknown): number => (value === undefined ? 0 : Buffer.byteLength(JSON.stringify(value)))
