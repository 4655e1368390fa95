import type { Sample } from '../../../../nouns/index.js'
import { IGNORED } from '../../label/index.js'
import { compareRow, type RowBack, type RunOfTokens, type Use } from './compare.js'

export interface FoundDifference {
  readonly sample: string
  /** Index in the sample's ids. */
  readonly token: number
  readonly tokens: number
  readonly ids: readonly number[]
  readonly text: string
  /** `trains`, `context`, or null where the token is not there. */
  readonly ours: Use
  readonly theirs: Use
}

/** What an engine's own code made of an export, against the samples. */
export interface ReadBackReport {
  /** Its name and version. */
  readonly engine: string
  readonly settings: Readonly<Record<string, unknown>>
  readonly equal: boolean
  readonly samples: { readonly equal: number; readonly differing: number; readonly absent: number }
  readonly tokens: {
    readonly ours: number
    readonly theirs: number
    readonly onlyOurs: number
    readonly onlyTheirs: number
  }
  /** `onlyOurs`: tokens that train here and not there, or are not there at all; `onlyTheirs` the other way round. */
  readonly trained: {
    readonly ours: number
    readonly theirs: number
    readonly onlyOurs: number
    readonly onlyTheirs: number
  }
  readonly absent: readonly { readonly sample: string; readonly reason: string }[]
  /** The first differences, neighbouring tokens together. */
  readonly first: readonly FoundDifference[]
}

const NAMED = 20
const SHOWN_IDS = 16

type Decode = (sequences: readonly (readonly number[])[]) => Promise<readonly string[]>

/** Adds up comparisons, and keeps the first differences. */
export class ReadBackTally {
  readonly #samples = { equal: 0, differing: 0, absent: 0 }
  readonly #tokens = { ours: 0, theirs: 0, onlyOurs: 0, onlyTheirs: 0 }
  readonly #trained = { ours: 0, theirs: 0, onlyOurs: 0, onlyTheirs: 0 }
  readonly #absent: { sample: string; reason: string }[] = []
  readonly #first: (RunOfTokens & { sample: string })[] = []

  add(sample: Sample, back: RowBack): void {
    const { runs, tokens, trained } = compareRow(sample, back)
    this.#count(sample)
    this.#tokens.theirs += tokens
    this.#trained.theirs += trained
    this.#samples[runs.length === 0 ? 'equal' : 'differing'] += 1
    for (const run of runs) {
      const { length } = run.ids
      if (run.theirs === null) this.#tokens.onlyOurs += length
      if (run.ours === null) this.#tokens.onlyTheirs += length
      if (run.ours === 'trains') this.#trained.onlyOurs += length
      if (run.theirs === 'trains') this.#trained.onlyTheirs += length
      if (this.#first.length < NAMED) this.#first.push({ ...run, sample: sample.id })
    }
  }

  /** A sample of which the engine makes nothing. */
  addAbsent(sample: Sample, reason: string): void {
    this.#count(sample)
    this.#samples.absent += 1
    this.#tokens.onlyOurs += sample.input_ids.length
    this.#trained.onlyOurs += trainedIn(sample)
    if (this.#absent.length < NAMED) this.#absent.push({ sample: sample.id, reason })
  }

  #count(sample: Sample): void {
    this.#tokens.ours += sample.input_ids.length
    this.#trained.ours += trainedIn(sample)
  }

  async report(engine: string, settings: Readonly<Record<string, unknown>>, decode: Decode): Promise<ReadBackReport> {
    const texts = await decode(this.#first.map(({ ids }) => ids))
    const first = this.#first.map(({ sample, token, ids, ours, theirs }, at) => ({
      ...{ sample, token, tokens: ids.length, ids: ids.slice(0, SHOWN_IDS) },
      ...{ text: texts[at] ?? '', ours, theirs },
    }))
    const { differing, absent } = this.#samples
    return {
      ...{ engine, settings, equal: differing + absent === 0 },
      ...{ samples: this.#samples, tokens: this.#tokens, trained: this.#trained, absent: this.#absent, first },
    }
  }
}

const trainedIn = ({ labels }: Sample): number => labels.filter((label) => label !== IGNORED).length
