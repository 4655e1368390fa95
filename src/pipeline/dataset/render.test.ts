import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { TINY_MODEL } from '../../../test/support/tiny-dataset.js'
import { placeForTests } from '../../../test/support/place.js'
import { unwrap } from '../../nouns/index.js'
import { renderFile, tokenizerFolder } from './render.js'

const place = placeForTests()
const at = (name: string): string => path.join(place, name)
const CHAT = '{"messages":[{"role":"user","content":"hi ü"},{"role":"assistant","content":"yo"}]}'

const warned: string[] = []
const warn = (line: string): void => void warned.push(line)

async function render(name: string, content: string | Uint8Array, chatTemplate?: string) {
  await writeFile(at(name), content)
  return renderFile({ file: at(name), modelFolder: TINY_MODEL, chatTemplate, warn })
}

describe('a file of conversations', () => {
  it('is rendered the same with a byte order mark, and line by line', async () => {
    const plain = unwrap(await render('chat.json', CHAT))
    expect(plain.data).toMatchObject({ samples: [{ text: expect.stringContaining('hi ü<|im_end|>') }] })
    expect(unwrap(await render('bom.json', `\ufeff${CHAT}`))).toEqual(plain)
    const lines = unwrap(await render('chats.jsonl', `${CHAT}\n\n${CHAT}\n`))
    expect(lines.data).toEqual({ samples: Array(2).fill((plain.data as { samples: unknown[] }).samples[0]) })
  })

  it('with a call that the template does not print is shown, with a warning', async () => {
    const call = { id: '1', type: 'function', function: { name: 'ls', arguments: '{}' } }
    const messages = [
      { role: 'user', content: 'hi' },
      { role: 'assistant', content: 'x', tool_calls: [call] },
    ]
    unwrap(await render('call.json', JSON.stringify({ messages })))
    expect(warned).toEqual([expect.stringMatching(/call\.json: .*call of ls/)])
  })

  it.each<[string, string | Uint8Array, string]>([
    ['in Latin-1', Buffer.from(CHAT, 'latin1'), 'chat.not-utf8'],
    ['in UTF-16', Buffer.from(`\ufeff${CHAT}`, 'utf16le'), 'chat.not-utf8'],
    ['that is empty', '', 'chat.invalid'],
    ['cut in the middle', CHAT.slice(0, -5), 'chat.invalid'],
    ['without messages', '{}', 'chat.invalid'],
    ['with half of a surrogate pair', CHAT.replace('yo', '\\ud800'), 'text.invalid'],
  ])('%s is refused', async (_name, content, code) => {
    expect(await render('wrong.json', content)).toMatchObject({ ok: false, failure: { kind: 'input', code } })
  })

  it('that is not there or a folder is refused, and so is a template or a model that is not there', async () => {
    const request = { modelFolder: TINY_MODEL, warn }
    expect(await renderFile({ ...request, file: at('none') })).toMatchObject({ failure: { code: 'file.absent' } })
    expect(await renderFile({ ...request, file: place })).toMatchObject({ failure: { code: 'disk.is-a-folder' } })
    expect(await render('chat.json', CHAT, at('none.jinja'))).toMatchObject({ failure: { code: 'file.absent' } })
    const said = { say: warn, signal: new AbortController().signal }
    expect(await tokenizerFolder(`dir:${at('none')}`, said)).toMatchObject({ failure: { code: 'model.absent' } })
    expect(await tokenizerFolder('mine', said)).toMatchObject({ failure: { kind: 'input', code: 'model.name' } })
  })
})
