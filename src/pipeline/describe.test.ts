import { expect, it } from 'vitest'
import { DatasetManifest } from '../nouns/index.js'
import { describeBuilt } from './describe.js'

it('a dataset in a line says how many trajectories are not in it, in words that fit the number', () => {
  const built = (samples: number, excluded: number): string =>
    describeBuilt(
      DatasetManifest.parse({
        ...{ format: 'limi.manifest/1', kind: 'dataset', id: 'd', created: '2026-11-22T00:00:00Z', digest: 'x' },
        ...{ model: 'm', selection: 's', proof: 'ok', made: { inputs: {}, parameters: {}, versions: {} } },
        ...{ samples, tokens: 12345, trainedTokens: 1000, maxTokens: 9000 },
        excluded: Array.from({ length: excluded }, (_, at) => ({ trajectory: `t${at}`, reason: 'text.not-kept' })),
      }),
    )
  expect(built(2, 0)).toBe('2 samples, 12,345 tokens, 1,000 train, longest 9,000, proof ok  → datasets/d/')
  expect(built(1, 1)).toContain('1 sample, ')
  expect(built(1, 1)).toContain(', 1 trajectory left out, proof ok')
  expect(built(1, 2)).toContain(', 2 trajectories left out, ')
})
