import { describe, expect, it } from 'vitest'
import { unwrap } from '../../../nouns/index.js'
import { readChats } from '../chats/index.js'
import { filesWith, trlTemplates } from '../testing/chat-templates.js'
import { openRenderer } from './index.js'

/** As models write them: none is how JavaScript or Python would print its value. */
const WRITTEN = ['{"b":1, "a":  2.0}', '{ }', '{"x": "\\u00e9"}', '{"cut": "in the mid', '[1,2]', '{"10": 1, "2": 1e2}']

const template = trlTemplates().find(({ name }) => name === 'deepseekv3')?.source
const why = template === undefined ? ' (set LIMI_TEST_PYTHON to an environment with TRL)' : ''

describe.skipIf(template === undefined)(
  `a template that prints arguments as it is given them: DeepSeek's${why}`,
  () => {
    it.each(WRITTEN)('prints the text that the model emitted: %s', (written) => {
      const renderer = unwrap(openRenderer(filesWith(template ?? '')))
      expect(renderer.family.form.argumentsAsText).toBe(true)
      const call = { id: 'c', type: 'function', function: { name: 'shell', arguments: written } }
      const messages = [
        { role: 'user', content: 'Go.' },
        { role: 'assistant', content: 'So:', tool_calls: [call] },
      ]
      const [chat] = unwrap(readChats(JSON.stringify({ messages }), 'file.json', new Date(0)))
      expect(unwrap(renderer.render(chat!.conversation)).text).toContain(`\`\`\`json\n${written}\n\`\`\``)
    })
  },
)
