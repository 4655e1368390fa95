import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { unwrap } from '../../../../nouns/index.js'
import { isTokenizerPart, tokenizerIn, type PackageFile } from './parts.js'
import { readTar } from './tar.js'

let root: string
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'limi tar-'))
})
afterEach(() => rm(root, { recursive: true, force: true }))

const long = `${'folder-of-a-package/'.repeat(9)}é.json`

describe('an archive', () => {
  it.each(['pax', 'ustar', 'gnu'])('as tar writes it (%s) is read, long names included', async (format) => {
    const names = format === 'ustar' ? ['package/a.json', 'package/empty'] : ['package/a.json', 'package/empty', long]
    for (const name of names) {
      await mkdir(path.dirname(path.join(root, name)), { recursive: true })
      await writeFile(path.join(root, name), name.endsWith('empty') ? '' : 'x'.repeat(1000))
    }
    await symlink('/etc/passwd', path.join(root, 'package', 'tokenizer.json'))
    execFileSync('tar', ['-cf', 'all.tar', `--format=${format}`, 'package', ...names.slice(2)], { cwd: root })
    const entries = readTar(await readFile(path.join(root, 'all.tar')))
    expect(entries.map((entry) => [entry.path, entry.content.length]).sort()).toEqual(
      names.map((name) => [name, name.endsWith('empty') ? 0 : 1000]).sort(),
    )
  })

  it('that is cut, or is none, gives what is whole', () => {
    expect(readTar(new Uint8Array(700).fill(65))).toEqual([])
    expect(readTar(new Uint8Array(0))).toEqual([])
  })
})

const files = (...paths: string[]): PackageFile[] =>
  paths.map((each) => ({ path: each, read: () => Promise.resolve(new Uint8Array()) }))

describe('the tokenizer of a package', () => {
  it('is the only one, with what stands beside it', () => {
    const found = tokenizerIn(
      files(
        'package/package.json',
        'package/config.json',
        'package/models/tokenizer.json',
        'package/models/chat_template.jinja',
        'package/models/model.onnx',
        'package/models/../../../evil/config.json',
      ),
      'npm:x',
    )
    expect(unwrap(found)?.map((file) => file.path)).toEqual(['tokenizer.json', 'chat_template.jinja'])
  })

  it('is told where there are several, and null where there is none', () => {
    expect(tokenizerIn(files('a/tokenizer.json', 'b/tokenizer.json'), 'npm:x')).toMatchObject({
      ok: false,
      failure: { code: 'tokenizer.several', message: expect.stringContaining('a/tokenizer.json, b/tokenizer.json') },
    })
    expect(tokenizerIn(files('a/vocab.json'), 'npm:x')).toEqual({ ok: true, value: null })
  })

  it.each([
    '../config.json',
    'additional_chat_templates/../x.jinja',
    'additional_chat_templates/.x.jinja',
    'x/config.json',
  ])('never takes %s', (name) => expect(isTokenizerPart(name)).toBe(false))
})
