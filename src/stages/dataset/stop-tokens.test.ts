import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, it } from 'vitest'
import { unwrap } from '../../nouns/index.js'
import { readModelFiles } from './index.js'
import { tinyModel } from './testing/oracle.js'

const stopsOf = async (files: Readonly<Record<string, string>>, config: object = {}) => {
  const folder = await tinyModel({ config })
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text)
  return readModelFiles(folder)
}

it('the tokens that end a model are those of its three files', async () => {
  expect(unwrap(await stopsOf({})).stops).toEqual(['<|im_end|>'])
  expect(unwrap(await stopsOf({ 'generation_config.json': '{"eos_token_id": [0, 99999]}' })).stops).toEqual([
    '<|endoftext|>',
    '<|im_end|>',
  ])
  expect(unwrap(await stopsOf({ 'config.json': '{"eos_token_id": 1}' }, { eos_token: null })).stops).toEqual([
    '<|im_start|>',
  ])
  expect(unwrap(await stopsOf({ 'config.json': '{"eos_token_id": null}' }, { eos_token: 'x' })).stops).toEqual([])
})

it('a file that is no JSON is told', async () => {
  expect(await stopsOf({ 'generation_config.json': '{' })).toMatchObject({
    ok: false,
    failure: { where: expect.stringContaining('generation_config.json') },
  })
})
