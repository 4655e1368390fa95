import type { Trajectory } from '../../../nouns/index.js'
import { compareText } from '../candidate.js'
import { jaccard, requestOf, shinglesOf, tokensOf } from './text.js'

/** Jaccard similarity of the requests' shingles from which two ask for the same thing. */
export const SAME_REQUEST = 0.95

/** Shingles of what a trajectory's person asked first. */
export const requestShingles = (trajectory: Trajectory): ReadonlySet<string> =>
  shinglesOf(tokensOf(requestOf(trajectory)))

export const isSameRequest = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean => jaccard(a, b) >= SAME_REQUEST

/** By the probes of their requests, so that only those are compared that could be the same. */
export class RequestIndex<T extends { readonly request: ReadonlySet<string> }> {
  readonly #byProbe = new Map<string, T[]>()

  add(one: T): void {
    for (const probe of probesOf(one.request)) this.#byProbe.set(probe, [...(this.#byProbe.get(probe) ?? []), one])
  }

  /** All whose request could be the same, and others; in the order in which they were added. */
  near(request: ReadonlySet<string>): readonly T[] {
    return [...new Set(probesOf(request).flatMap((probe) => this.#byProbe.get(probe) ?? []))]
  }
}

/**
 * The first shingles in a fixed order, so many that two sets of the needed similarity share at least one: the prefix filter of
 * Chaudhuri, Ganti & Kaushik (ICDE 2006). Nothing similar is missed.
 */
function probesOf(shingles: ReadonlySet<string>): string[] {
  const length = shingles.size - Math.ceil(SAME_REQUEST * shingles.size) + 1
  return [...shingles].sort(compareText).slice(0, length)
}
