import { expect, it } from 'vitest'
import { pythonForTests } from '../../testing/oracle.js'
import { answerOf, isUnsure } from './testing/answer.js'
import { MESSAGES, readBattery, VARIABLES, writeBattery, type Construct } from './testing/battery.js'
import { askTransformers } from './testing/oracle.js'

const absent = pythonForTests === undefined ? ' (skipped: set LIMI_TEST_PYTHON to a Python with transformers)' : ''

/** With LIMI_TEST_RECORD set, transformers' answers are recorded anew. */
it.skipIf(absent !== '')(
  `what is recorded of each construct is what transformers prints${absent}`,
  { timeout: 120_000 },
  async () => {
    const battery = readBattery()
    const templates = new Map(battery.map(({ template }, index) => [String(index), template]))
    const cases = [...templates.keys()].map((name) => ({ templates: [name], messages: MESSAGES, variables: VARIABLES }))
    const answers = await askTransformers(templates, cases)
    const recorded = battery.map(({ template }, index): Construct => {
      const text = answers[index]?.[0]?.text ?? null
      const made = answerOf(template, { messages: MESSAGES, variables: VARIABLES })
      const unsure = text !== null && !made.ok && isUnsure(made.failure)
      return unsure ? { template, text: null, unsure } : { template, text }
    })
    if (process.env['LIMI_TEST_RECORD'] !== undefined) writeBattery(recorded)
    else expect(recorded).toEqual(battery)
  },
)
