import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { unwrap } from '../../../nouns/index.js'
import { writeManifest } from '../../project/index.js'
import { factsIn, packageFacts, packageOfModel } from './package-facts.js'

let root: string
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'limi facts ü-'))
})
afterEach(() => rm(root, { recursive: true, force: true }))

const head = (...lines: readonly string[]): string =>
  ['Metadata-Version: 2.2', 'Name: llm-x', 'Version: 0.1.2', ...lines, '', 'License: of the text', ''].join('\n')

it.each([
  [head('License: Apache-2.0', 'Classifier: License :: OSI Approved :: Apache Software License'), 'Apache-2.0'],
  [head('License-Expression: MIT OR Apache-2.0'), 'MIT OR Apache-2.0'],
  [
    head('Classifier: Topic :: Text', 'Classifier: License :: OSI Approved :: MIT License').replaceAll('\n', '\r\n'),
    'MIT License',
  ],
  [head('License: The whole licence', '        of many lines'), 'The whole licence'],
  [head('License: UNKNOWN'), undefined],
  [head(), undefined],
])('of a wheel: %j states %j', (metadata, licence) =>
  expect(factsIn(metadata)).toEqual({ name: 'llm-x', version: '0.1.2', ...(licence !== undefined && { licence }) }),
)

it('of what is no metadata, or is not there: nothing', async () => {
  expect(factsIn('License: MIT\n')).toBeNull()
  expect(await packageFacts('pypi', root, 'x')).toBeNull()
  expect(await packageFacts('npm', root, '@s/x@1')).toBeNull()
})

it('is found where pip and npm put it, and kept with the model', async () => {
  await mkdir(path.join(root, 'llm_x-0.1.2.dist-info'))
  await writeFile(path.join(root, 'llm_x-0.1.2.dist-info', 'METADATA'), head('License: MIT'))
  const facts = { name: 'llm-x', version: '0.1.2', licence: 'MIT' }
  expect(await packageFacts('pypi', root, 'llm-x==0.1.2')).toEqual(facts)
  const folder = path.join(root, 'node_modules', '@s', 'x')
  await mkdir(folder, { recursive: true })
  await writeFile(path.join(folder, 'package.json'), JSON.stringify({ name: '@s/x', version: '1.0.0', license: 'ISC' }))
  expect(await packageFacts('npm', root, '@s/x@1.0.0')).toEqual({ name: '@s/x', version: '1.0.0', licence: 'ISC' })
  const made = { inputs: {}, parameters: { package: 'pypi:llm-x', metadata: facts }, versions: {} }
  const manifest = { format: 'limi.manifest/1' as const, kind: 'base-model', id: 'm', created: '', digest: 'x' }
  unwrap(await writeManifest(root, { ...manifest, made }))
  expect(await packageOfModel(root)).toEqual(facts)
  expect(await packageOfModel(folder)).toBeNull()
})
