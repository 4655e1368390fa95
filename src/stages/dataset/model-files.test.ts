import { mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, it } from 'vitest'
import { unwrap } from '../../nouns/index.js'
import { readModelFiles } from './index.js'
import { tinyModel } from './testing/oracle.js'

it('reads tokens, template and hashes', async () => {
  const files = unwrap(await readModelFiles(await tinyModel()))
  expect(files.specialTokens).toMatchObject({ bos_token: '<|im_start|>', eos_token: '<|im_end|>' })
  expect(files.addedTokens).toContainEqual(expect.objectContaining({ id: 2, content: '<|im_end|>', special: true }))
  expect(files.templates.default).toContain('SmolLM')
  expect(files.tokenizerDigest).toMatch(/^[0-9a-f]{64}$/)
})

it('takes the template of the configuration, plain or named, where there is no file; line ends are plain', async () => {
  const plain = await tinyModel({ config: { chat_template: 'a\r\nb', eos_token: { content: '</s>' } } })
  expect(unwrap(await readModelFiles(plain)).templates.default).toContain('SmolLM')
  await rm(path.join(plain, 'chat_template.jinja'))
  expect(unwrap(await readModelFiles(plain))).toMatchObject({
    templates: { default: 'a\nb' },
    specialTokens: { eos_token: '</s>' },
  })
  const chat_template = [
    { name: 'default', template: 'd' },
    { name: 'tool_use', template: 't' },
  ]
  const named = await tinyModel({ config: { chat_template } })
  await rm(path.join(named, 'chat_template.jinja'))
  expect(unwrap(await readModelFiles(named)).templates).toEqual({ default: 'd', tool_use: 't' })
  await mkdir(path.join(named, 'additional_chat_templates'))
  await writeFile(path.join(named, 'additional_chat_templates', 'tool_use.jinja'), 'file')
  expect(unwrap(await readModelFiles(named)).templates.tool_use).toBe('file')
})

it.each([
  ['template.absent', async (folder: string) => rm(path.join(folder, 'chat_template.jinja'))],
  ['model.absent', async (folder: string) => rm(path.join(folder, 'tokenizer.json'))],
  ['model.invalid', async (folder: string) => writeFile(path.join(folder, 'tokenizer.json'), '{"version": ')],
  ['model.invalid', async (folder: string) => writeFile(path.join(folder, 'tokenizer_config.json'), '[]')],
])('%s has a place and a remedy', async (code, damage) => {
  const folder = await tinyModel()
  await damage(folder)
  const read = await readModelFiles(folder)
  expect(read).toMatchObject({
    ok: false,
    failure: { code, where: expect.stringContaining(folder), remedy: expect.any(String) },
  })
})
