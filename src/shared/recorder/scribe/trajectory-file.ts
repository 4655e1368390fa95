import { done, type Result } from '../../../nouns/index.js'
import { writeFileAtomic } from '../../project/index.js'

/** Writing takes at most this part of the time. */
const SHARE = 1 / 10
const SOONEST_MS = 100

/** A file that is written anew as its content grows: soon after each change, and seldom where that takes long. */
export class TrajectoryFile {
  readonly #file: string
  readonly #content: () => string | null
  #timer: NodeJS.Timeout | undefined
  #last: Promise<Result<void>> = Promise.resolve(done(undefined))
  #tookMs = 0

  /** @param content null where what is written is to stay */
  constructor(file: string, content: () => string | null) {
    this.#file = file
    this.#content = content
  }

  /** The content is another one. */
  changed(onFailure: (result: Result<void>) => void): void {
    if (this.#timer !== undefined) return
    this.#timer = setTimeout(
      () => void this.write().then((result) => (result.ok ? undefined : onFailure(result))),
      Math.max(SOONEST_MS, this.#tookMs / SHARE),
    )
  }

  /** Writes it now. */
  write(): Promise<Result<void>> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#last = this.#last.then(async () => {
      const began = performance.now()
      const content = this.#content()
      if (content === null) return done(undefined)
      const result = await writeFileAtomic(this.#file, content)
      this.#tookMs = performance.now() - began
      return result
    })
    return this.#last
  }
}
