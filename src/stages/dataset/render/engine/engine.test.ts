import { expect, it } from 'vitest'
import { answerOf, isUnsure } from './testing/answer.js'
import { MESSAGES, readBattery, VARIABLES } from './testing/battery.js'

it.each(readBattery())('prints what transformers prints, as recorded: $template', ({ template, text, unsure }) => {
  const made = answerOf(template, { messages: MESSAGES, variables: VARIABLES })
  expect(made.ok ? made.value : null).toBe(text)
  if (unsure === true) expect(!made.ok && isUnsure(made.failure)).toBe(true)
})
