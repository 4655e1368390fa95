import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'

const LOOP = `export const benchmark = { name: 'ours', seconds: 600, tasks: [{ id: 'one', request: 'x' }], score: () => { for (;;) {} } }`

/** /proc tells which processes there are. */
const elsewhere = process.platform !== 'linux'

describe.skipIf(elsewhere)(`limi ended by SIGKILL${elsewhere ? ' (skipped: no /proc)' : ''}`, () => {
  it('leaves no scorer behind, not even one in a busy loop', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'limi module ü '))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    await writeFile(path.join(folder, 'bench.ts'), LOOP)
    const jiti = path.resolve('node_modules/jiti/lib/jiti-cli.mjs')
    const pidFile = path.join(folder, 'pid')
    await writeFile(
      path.join(folder, 'limi.ts'),
      `import { openModule } from ${JSON.stringify(path.resolve('src/shared/scoring/module/index.ts'))}
       import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
       const module = await openModule(${JSON.stringify(path.join(folder, 'bench.ts'))})
       const query = { id: 'one', request: 'x', tags: {}, source: { kind: 'person' }, scoring: module.value.scoring }
       void module.value.scorers(query).value.score({ query, sandbox: { files: async () => [] }, answer: '' })
       const children = (pid) => readdirSync('/proc').filter((one) => /^\\d+$/.test(one)).filter((one) => { try { return readFileSync('/proc/' + one + '/stat', 'utf8').split(') ')[1].split(' ')[1] === String(pid) } catch { return false } })
       setTimeout(() => { const [shell] = children(process.pid); writeFileSync(${JSON.stringify(pidFile)}, [shell, ...children(shell)].join(' ')) }, 300)
       setInterval(() => {}, 1000)`,
    )
    const limi = spawn(process.execPath, [jiti, path.join(folder, 'limi.ts')], { stdio: 'inherit' })
    const pids = await untilWritten(pidFile)
    expect(pids).toHaveLength(2)
    expect(pids.every(isRunning)).toBe(true)
    limi.kill('SIGKILL')
    for (let tries = 0; tries < 50 && pids.some(isRunning); tries += 1) await wait(100)
    expect(pids.filter(isRunning)).toEqual([])
  }, 30_000)
})

async function untilWritten(file: string): Promise<number[]> {
  for (let tries = 0; tries < 200; tries += 1) {
    const text = await readFile(file, 'utf8').catch(() => '')
    if (text !== '') return text.split(' ').map(Number)
    await wait(100)
  }
  return []
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
