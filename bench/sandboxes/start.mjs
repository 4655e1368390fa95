// What a command in bubblewrap takes beside the bare program, and how a workspace over a large repository begins, beside a copy of it.
// Usage: node bench/sandboxes/start.mjs [--rounds 100] [--megabytes 400] [--files 8000]. Needs dist/ and bubblewrap.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { bubblewrapSandboxes, virtualSandboxes } from '../../dist/shared/sandboxes/index.js'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '100' },
    megabytes: { type: 'string', default: '400' },
    files: { type: 'string', default: '8000' },
  },
})
const rounds = Number(values.rounds)
const median = (times) => [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)]
const timed = async (work) => {
  const began = performance.now()
  await work()
  return performance.now() - began
}
const opened = async (provider, spec) => {
  const made = await provider.create(spec)
  if (!made.ok) throw new Error(JSON.stringify(made.failure))
  return made.value
}

const probed = await bubblewrapSandboxes.probe()
if (!probed.ready) throw new Error(probed.missing.message)

const sandbox = await opened(bubblewrapSandboxes, { files: {} })
const virtual = await opened(virtualSandboxes, { files: {} })
const ways = {
  'bash -c true, bare': () => spawnSync('/bin/bash', ['-c', 'true']),
  'in bubblewrap': () => sandbox.exec('true'),
  'in the virtual sandbox': () => virtual.exec('true'),
}
const times = Object.fromEntries(Object.keys(ways).map((name) => [name, []]))
for (let round = -5; round < rounds; round += 1) {
  for (const [name, work] of Object.entries(ways)) {
    const took = await timed(work)
    if (round >= 0) times[name].push(took)
  }
}
for (const [name, took] of Object.entries(times)) console.log(`${name}: ${median(took).toFixed(1)} ms`)
console.log(
  `bubblewrap adds ${(median(times['in bubblewrap']) - median(times['bash -c true, bare'])).toFixed(1)} ms (median)`,
)
await sandbox.dispose()

const base = mkdtempSync(path.join(os.tmpdir(), 'limi-bench-base-'))
const [files, size] = [Number(values.files), (Number(values.megabytes) << 20) / Number(values.files)]
for (let at = 0; at < files; at += 1) {
  const folder = path.join(base, `d${at % 100}`)
  mkdirSync(folder, { recursive: true })
  writeFileSync(path.join(folder, `f${at}`), Buffer.alloc(size, at % 251))
}
const first = await timed(async () => (await opened(bubblewrapSandboxes, { files: {}, base })).dispose())
const over = []
for (let round = 0; round < 10; round += 1) {
  let made
  over.push(await timed(async () => void (made = await opened(bubblewrapSandboxes, { files: {}, base }))))
  await made.dispose()
}
const copies = []
for (let round = 0; round < 3; round += 1) {
  const to = mkdtempSync(path.join(os.tmpdir(), 'limi-bench-copy-'))
  copies.push(await timed(() => execFileSync('cp', ['-a', base, to])))
  rmSync(to, { recursive: true, force: true })
}
console.log(
  `a workspace over ${values.megabytes} MB in ${files} files: ${median(over).toFixed(1)} ms (the first ${first.toFixed(0)}); a copy ${median(copies).toFixed(0)} ms; ratio ${(median(copies) / median(over)).toFixed(0)}`,
)
rmSync(base, { recursive: true, force: true })
process.exit(0)
