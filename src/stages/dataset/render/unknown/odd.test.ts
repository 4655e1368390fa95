import { describe, expect, it } from 'vitest'
import { unwrap } from '../../../../nouns/index.js'
import { renderEach, splitHistories } from '../../histories/index.js'
import { openRenderer } from '../index.js'
import { filesWith } from '../../testing/chat-templates.js'
import { conversationOf, type Turn } from '../../testing/oracle.js'
import { unknownRenderer } from '../../testing/unknown/renderer.js'

const STOP = '</s>'

/** What each message emitted, or the failure. */
function spansOf(template: string, turns: readonly Turn[]): readonly string[] | string {
  const renderer = unwrap(unknownRenderer(template, [STOP], { bos_token: '<s>', eos_token: STOP }))
  const split = splitHistories(renderer, conversationOf(turns), renderEach)
  if (!split.ok) return `${split.failure.code}: ${split.failure.message}`
  return split.value.flatMap(({ rendered, places }) =>
    rendered.spans
      .filter(({ message }) => places.has(message))
      .map(({ start, end }) => rendered.text.slice(start, end)),
  )
}

const each = (body: string, prompt: string): string =>
  `{% for m in messages %}${body}{% endfor %}{% if add_generation_prompt %}${prompt}{% endif %}`

const turn = "<{{ m['role'] }}>"
const plain = each(`${turn}{{ m['content'] }}{{ eos_token }}\n`, '<assistant>')

const talk: readonly Turn[] = [
  { role: 'user', content: 'hi' },
  { role: 'assistant', content: 'hello' },
  { role: 'user', content: 'more' },
  { role: 'assistant', content: 'bye' },
]

describe('an unknown template', () => {
  it('is proved by what it prints', () => expect(spansOf(plain, talk)).toEqual(['hello</s>', 'bye</s>']))

  it('may trim', () => {
    const trims = each(`${turn}{{ m['content'] | trim }}{{ eos_token }}\n`, '<assistant>')
    const said: readonly Turn[] = [...talk, { role: 'assistant', content: ' \n\u0085 a b \u001f\n' }]
    expect(spansOf(trims, said)).toEqual(['hello</s>', 'bye</s>', 'a b</s>'])
  })

  it('may number its turns where the prompt does', () => {
    const numbered = `{% for m in messages %}[{{ loop.index }} {{ m.role }}]{{ m.content }}{{ eos_token }}{% endfor %}{% if add_generation_prompt %}[{{ messages | length + 1 }} assistant]{% endif %}`
    expect(spansOf(numbered, talk)).toEqual(['hello</s>', 'bye</s>'])
  })

  it.each<[string, string]>([
    ['<|im_end|></s>', 'a stop token as text'],
    ['</s>', 'nothing but a stop token'],
    ['</s>\n<assistant>x</s>', 'a turn of its own'],
    ['{{ eos_token }}{% generation %}', 'template syntax'],
    ['', 'nothing'],
    [' \n', 'white space'],
    ['hi', 'what another message says'],
    ['Zq0probe0qZ', 'what looks like a sentinel'],
    ['<user>', 'the tag of a role'],
  ])('is safe for contents such as %j (%s)', (content) => {
    const said: readonly Turn[] = [
      { role: 'user', content },
      { role: 'assistant', content },
      { role: 'user', content },
      { role: 'assistant', content },
    ]
    expect(spansOf(plain, said)).toEqual([`${content}</s>`, `${content}</s>`])
  })
})

describe('what cannot be proved is refused, and the disagreement is shown', () => {
  it.each<[string, string, string]>([
    ['the content twice', each(`${turn}{{ m.content }}{{ m.content }}{{ eos_token }}`, '<assistant>'), '"byebye</s>"'],
    ['capitals', each(`${turn}{{ m.content | upper }}{{ eos_token }}`, '<assistant>'), '"<user>HI</s>'],
    ['the first letters', each(`${turn}{{ m.content[:3] }}{{ eos_token }}`, '<assistant>'), '"<user>hi</s>'],
    ['no stop token', each(`${turn}{{ m.content }}\n`, '<assistant>'), 'a stop token was expected ("</s>")'],
    ['text after it', each(`${turn}{{ m.content }}{{ eos_token }} over`, '<assistant>'), '" over"'],
    [
      'a stop in between',
      each(`${turn}ok{{ eos_token }}{{ m.content }}{{ eos_token }}`, '<assistant>'),
      '"ok</s>bye</s>"',
    ],
    [
      'no content',
      each(`${turn}{{ m.content if m.role == 'user' }}{{ eos_token }}`, '<assistant>'),
      '"bye", must stand there once',
    ],
    [
      'the last first',
      '{% for m in messages | reverse %}<{{ m.role }}>{{ m.content }}{{ eos_token }}{% endfor %}',
      'rewrites history',
    ],
    ['a prompt of another role', each(`${turn}{{ m.content }}{{ eos_token }}`, '<model>'), 'rewrites history'],
    [
      'a prompt that is missing after tools',
      each(`${turn}{{ m.content }}{{ eos_token }}`, '{% if messages | length < 2 %}<assistant>{% endif %}'),
      'to make the model speak',
    ],
  ])('%s', (_name, template, shown) => {
    const found = spansOf(template, talk)
    expect(found).toContain('template.unproved: ')
    expect(found).toContain(shown)
  })

  it('another order, though contents look like turns', () => {
    const reversed = '{% for m in messages | reverse %}{{ m.content }}{{ eos_token }}{% endfor %}'
    for (const content of ['', '</s>', 'a', '</s></s>']) {
      const said: readonly Turn[] = [
        { role: 'user', content: '</s>' },
        { role: 'assistant', content },
      ]
      expect(spansOf(reversed, said), content).toContain('template.unproved')
    }
  })

  it('a model of which no stop token is known', () => {
    expect(openRenderer(filesWith(plain))).toMatchObject({
      ok: false,
      failure: { code: 'template.unproved', message: expect.stringContaining('no token is known') },
    })
  })
})
