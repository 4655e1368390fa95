import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { unwrap, type Checkpoint, type DatasetManifest } from '../../nouns/index.js'
import { openProject } from '../../shared/project/index.js'
import { writeCard } from './card.js'

const roots: string[] = []
afterEach(() => Promise.all(roots.splice(0).map((root) => rm(root, { recursive: true, force: true }))))

it('a card that cannot be made without its dataset’s proof says where that was and what brings it back', async () => {
  const root = await mkdtemp(path.join(os.tmpdir(), 'limi card ü-'))
  roots.push(root)
  await writeFile(path.join(root, 'limi.yaml'), '{}\n')
  const said: string[] = []
  const run = {
    project: unwrap(await openProject(root)),
    say: () => undefined,
    warn: (line: string) => said.push(line),
  }
  await writeCard(run, { id: 'r', path: 'model' } as Checkpoint, { id: 'd' } as DatasetManifest)
  expect(said).toHaveLength(1)
  expect(said[0]).toContain(path.join(root, 'datasets', 'd', 'proof.json'))
  expect(said[0]).toMatch(/proof of dataset d.*to do: `limi dataset build` makes it anew; `limi train push`/)
})
