import { expect, it } from 'vitest'
import { unwrap } from '../../nouns/index.js'
import { openDatasetModel, tokeniseConversation } from './index.js'
import { askPython } from './testing/ask-python.js'
import { generatedTurns } from './testing/generated.js'
import {
  asRecorded,
  at,
  conversationOf,
  conversations,
  labelsOf,
  pythonForTests,
  realModel,
  type Recorded,
  type Turn,
} from './testing/oracle.js'

const absent = pythonForTests === undefined ? ' (skipped: set LIMI_TEST_PYTHON to a Python with transformers)' : ''
const generated = generatedTurns(20251122, 1000).map((messages, index) => ({ name: `generated ${index}`, messages }))

it.skipIf(absent !== '')(
  `transformers, run live, agrees on recorded and 1,000 generated conversations${absent}`,
  { timeout: 180_000 },
  async () => {
    const folder = realModel ?? at('tiny')
    const all: { name: string; messages: Turn[] }[] = [...conversations(), ...generated]
    const model = unwrap(await openDatasetModel(folder))
    const reference = await askTransformers(folder, all)
    expect(reference).toHaveLength(all.length)
    for (const [index, { name, messages }] of all.entries()) {
      const expected = reference[index]!
      const made = unwrap(await tokeniseConversation(model, conversationOf(messages)))
      expect(made.rendered.text, name).toBe(expected.text)
      expect(made.encoded.ids, name).toEqual(expected.ids)
      expect(made.labelled.labels, name).toEqual(labelsOf(expected))
    }
  },
)

async function askTransformers(folder: string, all: readonly object[]): Promise<Recorded[]> {
  const command = [at('reference.py'), '--model', folder, '--marked', at('smollm2-marked.jinja'), '-']
  return asRecorded(await askPython(command, all))
}
