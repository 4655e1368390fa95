import { readFile, mkdtemp } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { unwrap } from '../../nouns/index.js'
import { readChats, renderChat } from './chats/index.js'
import { findUnkept } from './kept-text.js'
import { buildDataset, checkDataset, openDatasetModel, tokeniseConversation } from './index.js'
import { at, conversationOf, tinyModel, trajectoryOf, type Turn } from './testing/oracle.js'

/** The tiny model as SmolLM2's tokeniser is: without tokens for the bytes 0x04 and 0xF1. */
async function withoutRareBytes(): Promise<string> {
  const { model } = JSON.parse(await readFile(at('tiny', 'tokenizer.json'), 'utf8')) as {
    model: { vocab: Record<string, number> }
  }
  const rare = [0x104, 0xf1].map((code) => String.fromCodePoint(code))
  const vocab = Object.fromEntries(Object.entries(model.vocab).filter(([token]) => !rare.includes(token)))
  expect(Object.keys(vocab)).toHaveLength(Object.keys(model.vocab).length - rare.length)
  return tinyModel({ patch: { model: { ...model, vocab } } })
}

const asking = (content: string): Turn[] => [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content },
  { role: 'assistant', content: 'Yes. ü 漢' },
]

describe('text that the tokeniser has no tokens for', () => {
  it.each([
    ['a control character', 'is \u0004 kept? ü', 'U+0004'],
    ['two of one kind in a row', 'is \u0004\u0004?', 'U+0004'],
    ['one byte of a character', 'is \u{40000} kept?', 'U+40000'],
  ])('is refused with its message: %s', async (_name, content, character) => {
    const folder = path.join(await mkdtemp(path.join(os.tmpdir(), 'limi-kept-')), 'd')
    const trajectories = [trajectoryOf('rare', asking(content)), trajectoryOf('plain', asking('is it kept?'))]
    const modelFolder = await withoutRareBytes()
    const options = { trajectories, modelFolder, modelName: 'dir:tiny', name: 'd', folder, maxTokens: 10_000 }
    const selection = { name: 's', digest: 'd' }
    expect(await buildDataset({ ...options, selection })).toMatchObject({
      ok: false,
      failure: { kind: 'input', code: 'text.not-kept', where: 'rare', message: expect.stringContaining(character) },
    })
    const { manifest, notes } = unwrap(await buildDataset({ ...options, selection, unfit: 'exclude' }))
    expect(manifest).toMatchObject({
      proof: 'ok',
      samples: 1,
      excluded: [{ trajectory: 'rare', reason: 'text.not-kept' }],
    })
    expect(notes).toContainEqual(expect.objectContaining({ message: expect.stringContaining('of message m1') }))
    expect(unwrap(await checkDataset({ folder, trajectories, modelFolder })).status).toBe('ok')
  })

  it('is told where a conversation is rendered', async () => {
    const model = unwrap(await openDatasetModel(await withoutRareBytes()))
    const messages = [
      { role: 'user', content: 'is \u0004 kept?' },
      { role: 'assistant', content: 'Yes.' },
    ]
    const chats = unwrap(readChats(JSON.stringify({ messages }), 'chat.json', new Date(0)))
    const [rendered] = unwrap(await renderChat(model, chats[0]!))
    expect(rendered?.loss).toContain('U+0004')
  })

  it('is not blamed on the tokeniser where ids were made wrongly', async () => {
    const model = unwrap(await openDatasetModel(at('tiny')))
    const made = unwrap(await tokeniseConversation(model, conversationOf(asking('is \u0004 kept?'))))
    expect(await findUnkept(model, made)).toBeNull()
    const ids = made.encoded.ids.filter((_id, token) => token !== 5)
    expect(await findUnkept(model, { ...made, encoded: { ...made.encoded, ids } })).toBeNull()
  })
})
