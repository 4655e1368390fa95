import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { gpusHere } from './gpus.js'
import { fakeNvidiaSmi } from './testing/index.js'

const before = process.env['PATH']
let root: string
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'limi gpus ü-'))
})
afterEach(async () => {
  process.env['PATH'] = before
  await rm(root, { recursive: true })
})

test('each GPU with its name and memory', async () => {
  const prints = 'NVIDIA GeForce RTX 4090, 24564\nNVIDIA H100 80GB HBM3, 81559'
  process.env['PATH'] = `${await fakeNvidiaSmi(root, prints)}:${before ?? ''}`
  expect(await gpusHere()).toEqual([
    { name: 'NVIDIA GeForce RTX 4090', memoryBytes: 24_564 * 1_048_576 },
    { name: 'NVIDIA H100 80GB HBM3', memoryBytes: 81_559 * 1_048_576 },
  ])
})

test('a driver that does not answer has none', async () => {
  process.env['PATH'] = `${await fakeNvidiaSmi(root, 'No devices were found')}:${before ?? ''}`
  expect(await gpusHere()).toEqual([])
})
