import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { rootOf, smallJob } from '../testing/small-job.js'
import { lastCheckpoint } from './index.js'

const roots: string[] = []
afterEach(async () => {
  for (const root of roots.splice(0)) await rm(root, { recursive: true, force: true })
})

test('resume takes the last checkpoint that is whole and removes one that was cut', async () => {
  const job = await smallJob()
  roots.push(rootOf(job))
  const states = {
    'checkpoint-5': '{"global_step":5}',
    'checkpoint-10': '{"global_step":10}',
    'checkpoint-15': '{"glo',
  }
  for (const [name, state] of Object.entries(states)) {
    await mkdir(path.join(job.folder, name), { recursive: true })
    await writeFile(path.join(job.folder, name, 'trainer_state.json'), state)
  }
  expect(await lastCheckpoint(job.folder)).toMatchObject({ folder: path.join(job.folder, 'checkpoint-10'), step: 10 })
  await expect(readFile(path.join(job.folder, 'checkpoint-15', 'trainer_state.json'))).rejects.toThrow()
})

test('a checkpoint whose files were cut when the machine went off is not gone on with', async () => {
  const job = await smallJob()
  roots.push(rootOf(job))
  const header = '{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}'
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(header.length))
  const weights = Buffer.concat([length, Buffer.from(header), Buffer.alloc(8)])
  const archive = Buffer.concat([Buffer.alloc(50), Buffer.from('PK\x05\x06', 'latin1'), Buffer.alloc(18)])
  const states = [
    [4, weights, archive],
    [6, weights.subarray(0, -1), archive],
    [8, weights, archive.subarray(0, -30)],
    [10, Buffer.alloc(0), archive],
  ] as const
  for (const [step, model, optimizer] of states) {
    const folder = path.join(job.folder, `checkpoint-${String(step)}`)
    await mkdir(folder, { recursive: true })
    await writeFile(path.join(folder, 'trainer_state.json'), `{"global_step":${String(step)}}`)
    await writeFile(path.join(folder, 'model.safetensors'), model)
    await writeFile(path.join(folder, 'optimizer.pt'), optimizer)
  }
  expect(await lastCheckpoint(job.folder)).toMatchObject({ step: 4 })
})
