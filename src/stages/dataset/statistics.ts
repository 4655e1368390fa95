import type { SampleFigures } from '../../nouns/index.js'

/** What is counted of a sample: its tokens, those that train, and a label to group by. */
export interface Counted {
  readonly tokens: number
  readonly trainedTokens: number
}

/** Figures over samples or their proofs; the paper reports the mean and the longest (42.4k and 152k tokens). */
export function statisticsOf(samples: readonly Counted[]): SampleFigures {
  const tokens = samples.reduce((sum, sample) => sum + sample.tokens, 0)
  const trainedTokens = samples.reduce((sum, sample) => sum + sample.trainedTokens, 0)
  const lengths = samples.map((sample) => sample.tokens).sort((a, b) => a - b)
  return {
    samples: samples.length,
    tokens,
    trainedTokens,
    trainedShare: tokens === 0 ? 0 : trainedTokens / tokens,
    meanTokens: samples.length === 0 ? 0 : tokens / samples.length,
    medianTokens: lengths[Math.ceil(lengths.length / 2) - 1] ?? 0,
    maxTokens: lengths.at(-1) ?? 0,
  }
}

/** Figures by group, the largest group first; equal ones by name. */
export function statisticsBy<T extends Counted>(
  samples: readonly T[],
  groupOf: (sample: T) => string,
): readonly (SampleFigures & { readonly name: string })[] {
  const groups = new Map<string, T[]>()
  for (const sample of samples) {
    const name = groupOf(sample)
    const group = groups.get(name)
    if (group === undefined) groups.set(name, [sample])
    else group.push(sample)
  }
  return [...groups]
    .map(([name, members]) => ({ name, ...statisticsOf(members) }))
    .sort((a, b) => b.samples - a.samples || (a.name < b.name ? -1 : 1))
}

export interface Bin {
  /** Lengths in tokens, half-open: `from <= length < to`. */
  readonly from: number
  readonly to: number
  readonly samples: number
}

/** How many samples have which length, in bins that double (a power of two each), without empty ones at the ends. */
export function lengthsOf(samples: readonly Counted[]): readonly Bin[] {
  if (samples.length === 0) return []
  const exponents = samples.map(({ tokens }) => Math.floor(Math.log2(Math.max(1, tokens))))
  const first = exponents.reduce((low, exponent) => Math.min(low, exponent), Infinity)
  const last = exponents.reduce((high, exponent) => Math.max(high, exponent), 0)
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const exponent = first + index
    const inside = exponents.filter((each) => each === exponent).length
    return { from: exponent === 0 ? 0 : 2 ** exponent, to: 2 ** (exponent + 1), samples: inside }
  })
}
