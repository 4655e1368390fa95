import type { Sample } from '../../../../nouns/index.js'
import { IGNORED } from '../../label/index.js'
import { align } from './align.js'

/** A row as it reaches the engine's model. */
export interface RowBack {
  readonly input_ids: readonly number[]
  readonly labels: readonly number[]
}

/** What becomes of a token: null where it is not there. */
export type Use = 'trains' | 'context' | null

/** Neighbouring tokens whose use differs in one way. */
export interface RunOfTokens {
  /** Index of its first token in the sample; where the tokens are theirs alone, of the one that they stand before. */
  readonly token: number
  readonly ids: readonly number[]
  readonly ours: Use
  readonly theirs: Use
}

export interface RowComparison {
  readonly runs: readonly RunOfTokens[]
  /** Tokens of the engine's row. */
  readonly tokens: number
  readonly trained: number
}

/** Compares ids and labels of a sample with what an engine made of its row, token by token. */
export function compareRow(sample: Sample, back: RowBack): RowComparison {
  const runs: { token: number; ids: number[]; ours: Use; theirs: Use }[] = []
  let place = 0
  let adjoins = false
  for (const { ours: at, theirs: their } of align(sample.input_ids, back.input_ids)) {
    const ours = at === null ? null : useOf(sample.labels[at])
    const theirs = their === null ? null : useOf(back.labels[their])
    const id = at === null ? back.input_ids[their ?? 0] : sample.input_ids[at]
    const last = adjoins ? runs.at(-1) : undefined
    adjoins = ours !== theirs
    if (adjoins && last?.ours === ours && last.theirs === theirs) last.ids.push(id ?? 0)
    else if (adjoins) runs.push({ token: at ?? place, ids: [id ?? 0], ours, theirs })
    if (at !== null) place = at + 1
  }
  return { runs, tokens: back.input_ids.length, trained: back.labels.filter((label) => label !== IGNORED).length }
}

const useOf = (label: number | undefined): Use => (label === undefined || label === IGNORED ? 'context' : 'trains')
