import { Checkpoint, DatasetManifest } from '../../../nouns/index.js'
import type { CardParts } from '../card.js'

const made = { inputs: {}, parameters: {}, versions: { limi: '0.1.0', trl: '1.16.0' } }
const manifest = { format: 'limi.manifest/1', created: '2026-01-01T00:00:00Z', made }

/** What a card is made of: a base of the hub, two sources, one with a licence. */
export function cardParts(base = 'hub:owner/base@main'): CardParts {
  const recipe = { name: 'own', method: 'full', learningRate: 1e-5, schedule: 'cosine', warmup: 0, batchSize: 2 }
  return {
    checkpoint: Checkpoint.parse({
      ...{ ...manifest, kind: 'checkpoint', id: 'run-1', digest: 'c', engine: 'trl', steps: 2, tokens: 20, seconds: 9 },
      base: { name: base, digest: 'b' },
      dataset: { id: 'taught', digest: 'd', proof: 'ok' },
      recipe: { ...recipe, steps: 2 },
      loss: [
        { step: 1, loss: 2 },
        { step: 2, loss: 1 },
      ],
      hardware: { cores: 2 },
    }),
    dataset: DatasetManifest.parse({
      ...{ ...manifest, kind: 'dataset', id: 'taught', digest: 'd', model: base, selection: 'curated', samples: 3 },
      ...{ tokens: 30, trainedTokens: 12, maxTokens: 11, excluded: [], proof: 'ok' },
    }),
    sources: [
      { kind: 'imported', agent: 'a', model: 'm', format: 'atif', licence: 'CC-BY-4.0', trajectories: ['t1', 't2'] },
      { kind: 'built-in', agent: 'shell', model: 'expert', format: null, licence: null, trajectories: ['t3'] },
    ],
    lost: [],
    baseLicence: 'apache-2.0',
    basePackage: null,
  }
}
