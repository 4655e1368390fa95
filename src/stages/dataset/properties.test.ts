import fc from 'fast-check'
import { expect, it } from 'vitest'
import { unwrap } from '../../nouns/index.js'
import { isProved } from './prove/sample-proof.js'
import { samplesOf } from './collect.js'
import { openDatasetModel } from './index.js'
import { AWKWARD, ROLES } from './testing/generated.js'
import { samplesIn } from './testing/samples.js'
import { at, trajectoryOf } from './testing/oracle.js'

const model = unwrap(await openDatasetModel(at('tiny')))
const STOP = '<|im_end|>'

const piece = fc.oneof(
  { weight: 6, arbitrary: fc.string({ unit: 'grapheme', maxLength: 20 }) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }) },
  { weight: 4, arbitrary: fc.constantFrom(...AWKWARD) },
)

/** Half of a surrogate pair is no text; it is refused, and tested for that. */
const anyText = fc
  .array(piece, { maxLength: 6 })
  .map((pieces) => pieces.join(''))
  .filter((text) => text.isWellFormed())

const anyTurns = fc.array(fc.record({ role: fc.constantFrom(...ROLES), content: anyText }), {
  minLength: 1,
  maxLength: 8,
})

it('what trains decodes to what each assistant message said and its stop token; nothing else trains', async () => {
  await fc.assert(
    fc.asyncProperty(anyTurns, async (turns) => {
      const said = turns.filter(({ role }) => role === 'assistant').map(({ content }) => content + STOP)
      const trajectory = trajectoryOf('t', turns)
      const made = await samplesOf(model, trajectory, { maxTokens: Infinity })
      if (said.length === 0) return 'problem' in made && made.problem.failure.code === 'sample.untrained'
      const { sample, proof } = samplesIn(made)[0]!
      expect(isProved(proof), JSON.stringify(proof.checks)).toBe(true)
      // Read off the labels alone: runs of trained tokens, decoded by the tokeniser.
      const runs: number[][] = []
      sample.labels.forEach((label, index) => {
        if (label === -100) return
        if (index === 0 || sample.labels[index - 1] === -100) runs.push([])
        runs.at(-1)!.push(label)
      })
      expect(await model.tokeniser.decode(runs)).toEqual(said)
      return true
    }),
    { numRuns: 300 },
  )
})
