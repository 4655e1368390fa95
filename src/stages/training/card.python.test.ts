import { beforeAll, describe, expect, it } from 'vitest'
import { askPython, pythonTestsSkipped, testPython, type TestPython } from '../../shared/python/testing/index.js'
import { renderCard } from './card.js'
import { cardParts } from './testing/card-parts.js'

const READ = `
import json, sys
from huggingface_hub import ModelCard
card = ModelCard(sys.argv[1])
data = card.data.to_dict()
print(json.dumps([data.get("base_model"), data.get("license"), data.get("library_name"), data.get("tags"), card.text.strip().splitlines()[0]]))
`

describe.skipIf(pythonTestsSkipped)(`a model card, read by the hub's own client ${pythonTestsSkipped ?? ''}`, () => {
  let at: TestPython
  beforeAll(async () => {
    at = await testPython()
  })

  it('says there what it says here, whatever the names in it', async () => {
    const parts = cardParts()
    const checkpoint = { ...parts.checkpoint, id: '---\nlicense: mit\n---' }
    expect(await askPython(at, READ, renderCard({ ...parts, checkpoint }))).toEqual([
      'owner/base',
      'apache-2.0',
      'transformers',
      ['limi', 'agent', 'sft', 'trl', 'full'],
      '# --- license: mit ---',
    ])
  })
})
