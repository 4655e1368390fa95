import { describe, expect, it } from 'vitest'
import { unwrap } from '../../../nouns/index.js'
import type { Conversation } from '../conversation/index.js'
import { openRenderer, type Renderer } from '../render/index.js'
import { agentConversations } from '../testing/agent-conversations.js'
import { filesWith, trlTemplates } from '../testing/chat-templates.js'
import { hasTokenizer, packagedTemplate } from '../testing/template-models.js'
import { emissionsIn } from './emissions.js'
import { certifyByShape, renderEach, splitHistories, type Certify } from './index.js'

const PACKAGED = ['qwen3', 'qwen2_5', 'llama3_1', 'deepseek_v3', 'mistral_nemo']
const packaged = PACKAGED.filter(hasTokenizer).map((name) => ({
  name: `${name}, as packaged`,
  source: packagedTemplate(name),
}))
const templates = [...trlTemplates(), ...packaged]
const known = templates.flatMap(({ name, source }) => {
  const renderer = openRenderer(filesWith(source))
  return renderer.ok && renderer.value.family.stops !== null ? [{ name, renderer: renderer.value }] : []
})
const conversations = agentConversations(7, 24)

/** With calls as text, so that no call asks for the results that follow. */
const loose = agentConversations(8, 12).map((conversation): Conversation => ({
  ...conversation,
  tools: null,
  messages: conversation.messages.map(({ chat: { role, content, tool_calls: calls, ...chat }, ...message }) => {
    const { reasoning_content: reasoning } = chat
    const said = calls === undefined ? content : `${content} calls shell`
    return {
      ...message,
      chat: { role, content: said, ...(reasoning !== undefined && { reasoning_content: reasoning }) },
    }
  }),
}))

const outcome = (renderer: Renderer, conversation: Conversation, certify: Certify) => {
  const split = splitHistories(renderer, conversation, certify)
  if (!split.ok) return split.failure.code
  return split.value.map(({ count, places }) => ({ count, places: Object.fromEntries(places) }))
}

describe.skipIf(known.length === 0)(
  'with TRL’s templates and packaged ones (LIMI_TEST_PYTHON, LIMI_TEST_TOKENIZERS)',
  () => {
    it('most families are known here', () => expect(known.length).toBeGreaterThan(8))

    it.each(known)('$name: what is certified by shape is what rendering each prompt shows', ({ renderer }) => {
      for (const conversation of [...conversations, ...loose])
        expect(outcome(renderer, conversation, certifyByShape)).toEqual(outcome(renderer, conversation, renderEach))
    })

    it.each(known)('$name: each message trains once, after what the template prints before it', ({ renderer }) => {
      let made = 0
      for (const conversation of conversations) {
        const split = splitHistories(renderer, conversation, certifyByShape)
        if (!split.ok) {
          expect(['template.refused', 'history.not-shown']).toContain(split.failure.code)
          continue
        }
        const trained = split.value.flatMap((history) => history.conversation.messages.filter(({ trains }) => trains))
        const wanted = conversation.messages.filter(({ trains }) => trains)
        expect(trained.map(({ id }) => id).sort()).toEqual(wanted.map(({ id }) => id).sort())
        for (const { count, rendered, places, appended } of split.value) {
          const whole = unwrap(renderer.print(conversation, appended === null ? count : count - 1, appended !== null))
          // GLM's stop is the next speaker's tag, which no rendering of a conversation ends with.
          expect(rendered.text.slice(0, whole.length)).toBe(whole)
          for (const [id, { prompt }] of places) {
            const index = conversation.messages.findIndex((message) => message.id === id)
            expect(rendered.text.slice(0, prompt)).toBe(unwrap(renderer.print(conversation, index, true)))
            const emission = emissionsIn(rendered).get(id)!
            expect(emission.start).toBe(prompt)
            const then = unwrap(
              renderer.render({ ...conversation, messages: conversation.messages.slice(0, index + 1) }),
            )
            const emitted = emissionsIn(then).get(id)!.text
            // Qwen3 prints an empty thought before a last message that has none.
            if (emission.text !== emitted)
              expect(emitted).toBe(`<think>\n\n</think>\n\n${emission.text.replace(/^\n+/, '')}`)
          }
        }
        made += split.value.length
      }
      // R1's prompt opens a thought that its history does not show: no rendering can teach it.
      if (renderer.family.family === 'deepseek-r1') expect(made).toBe(0)
      else expect(made).toBeGreaterThan(0)
    })
  },
)
