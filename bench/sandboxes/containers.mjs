// What a sandbox in a container takes: to be made, a command, a file read and written, a snapshot, going back, a workspace over a large repository.
// Usage: LIMI_SANDBOX_IMAGE=NAME node bench/sandboxes/containers.mjs [--rounds 20] [--megabytes 400] [--files 8000]. Needs dist/, Docker or Podman, and the image.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { dockerSandboxes, theEngine } from '../../dist/shared/sandboxes/index.js'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20' },
    megabytes: { type: 'string', default: '400' },
    files: { type: 'string', default: '8000' },
  },
})
const rounds = Number(values.rounds)
const times = new Map()
const timed = async (what, work) => {
  const began = performance.now()
  const made = await work()
  times.set(what, [...(times.get(what) ?? []), performance.now() - began])
  return made
}
const opened = async (spec) => {
  const made = await dockerSandboxes.create({ files: {}, ...spec })
  if (!made.ok) throw new Error(JSON.stringify(made.failure))
  return made.value
}

const probed = await timed('the engine is found', () => dockerSandboxes.probe())
if (!probed.ready) throw new Error(probed.missing.message)
console.log((await theEngine()).name)
await (await opened({})).dispose()
for (let round = 0; round < rounds; round += 1) {
  const sandbox = await timed('a sandbox is made', () => opened({ files: { a: '1' } }))
  await timed('a command (true)', () => sandbox.exec('true'))
  await timed('a file is written', () => sandbox.write('b', '2'))
  await timed('a file is read', () => sandbox.read('b'))
  const start = await timed('a snapshot', () => sandbox.snapshot())
  await sandbox.exec('echo 3 > c')
  await timed('a difference', () => sandbox.diff(start))
  await timed('going back', () => sandbox.restore(start))
  await timed('a sandbox is removed', () => sandbox.dispose())
}
const base = mkdtempSync(path.join(os.tmpdir(), 'limi-bench-base-'))
const [files, size] = [Number(values.files), (Number(values.megabytes) << 20) / Number(values.files)]
for (let at = 0; at < files; at += 1) {
  const folder = path.join(base, `d${at % 100}`)
  mkdirSync(folder, { recursive: true })
  writeFileSync(path.join(folder, `f${at}`), Buffer.alloc(size, at % 251))
}
await (await timed(`over ${values.megabytes} MB, the first`, () => opened({ base }))).dispose()
for (let round = 0; round < 5; round += 1) {
  const sandbox = await timed(`over ${values.megabytes} MB`, () => opened({ base }))
  await timed('a snapshot of it', () => sandbox.snapshot())
  await sandbox.dispose()
}
rmSync(base, { recursive: true, force: true })
const median = (all) => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)]
for (const [what, took] of times) console.log(`${what}: ${median(took).toFixed(0)} ms (${took.length} times)`)
