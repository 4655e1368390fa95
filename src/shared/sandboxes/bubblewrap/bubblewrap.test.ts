import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { Sandbox } from '../sandbox.js'
import { attacksOn } from '../testing/attacks.js'
import { endsBombs } from '../testing/bombs.js'
import { containmentOf } from '../testing/containment.js'
import { codeOf, contractOf, opened, textIn, type Open } from '../testing/contract.js'
import { bubblewrapSandboxes } from './index.js'

const probed = await bubblewrapSandboxes.probe()
const made: Sandbox[] = []
afterEach(async () => {
  for (const sandbox of made.splice(0)) await sandbox.dispose()
})

const openWith =
  (base?: string): Open =>
  async (files = {}, limits = {}) => {
    const sandbox = await opened(bubblewrapSandboxes, { files, limits, base })
    made.push(sandbox)
    return sandbox
  }

const outcomeOf = async (sandbox: Sandbox, name: string): Promise<string> => {
  const code = await codeOf(sandbox.read(name))
  return code === 'none' ? String(await textIn(sandbox, name)) : code
}

function repository(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'limi-base ü, :-'))
  mkdirSync(path.join(folder, 'sub'))
  writeFileSync(path.join(folder, 'kept.txt'), 'kept\n')
  writeFileSync(path.join(folder, 'sub', 'old.txt'), 'old\n')
  return folder
}

describe.skipIf(!probed.ready)(probed.ready ? 'bubblewrap' : `bubblewrap: ${probed.missing.message}`, () => {
  contractOf(bubblewrapSandboxes, openWith())
  containmentOf(openWith())
  endsBombs(openWith())
  attacksOn(openWith())

  describe('over a folder of this machine', () => {
    test('everything is seen, and nothing of it changes', async () => {
      const base = repository()
      const sandbox = await openWith(base)({ 'sub/new.txt': 'new\n' })
      const start = await sandbox.snapshot()
      expect(await sandbox.files()).toEqual(['kept.txt', 'sub/new.txt', 'sub/old.txt'])
      await sandbox.exec(
        'echo more >> kept.txt; rm sub/old.txt; rm -r sub; mkdir sub; echo 1 > sub/other.txt; mv kept.txt moved.txt',
      )
      expect(await sandbox.diff(start)).toEqual({
        ...{ 'kept.txt': 'removed', 'moved.txt': 'added', 'sub/new.txt': 'removed', 'sub/old.txt': 'removed' },
        'sub/other.txt': 'added',
      })
      const then = await sandbox.snapshot()
      await sandbox.restore(start)
      expect(await sandbox.diff(start)).toEqual({})
      expect(await textIn(sandbox, 'kept.txt')).toBe('kept\n')
      await sandbox.restore(then)
      expect(await textIn(sandbox, 'moved.txt')).toBe('kept\nmore\n')
      expect(readFileSync(path.join(base, 'kept.txt'), 'utf8')).toBe('kept\n')
      expect(readFileSync(path.join(base, 'sub', 'old.txt'), 'utf8')).toBe('old\n')
    })

    test('two sandboxes know nothing of each other', async () => {
      const base = repository()
      const [one, other] = [await openWith(base)(), await openWith(base)()]
      await Promise.all([one.exec('echo 1 > kept.txt'), other.exec('echo 2 > kept.txt')])
      expect(await textIn(one, 'kept.txt')).toBe('1\n')
      expect(await textIn(other, 'kept.txt')).toBe('2\n')
    })

    test('a limit holds for what is written', async () => {
      const sandbox = await openWith(repository())({}, { maxWorkspaceBytes: 20 << 20 })
      const { stderr } = await sandbox.exec('for i in $(seq 1000); do head -c 1M /dev/zero > $i || break; done')
      expect(stderr).toContain('the workspace holds more than')
    })
  })

  test('reads the same, and refuses the same, whether something runs in it or not', async () => {
    const sandbox = await openWith()()
    await sandbox.exec(
      'mkdir -p d/e shut; echo 1 > d/e/f; ln -s d/e to; ln -s e/f d/near; ln -s /workspace/d/e/f far; ln -s /etc/hostname out; ln -s .. d/up; ' +
        "mkfifo pipe; echo 2 > shut/f; echo 3 > closed; echo 4 > $'l\\nine'; chmod 0 shut closed",
    )
    const names = ['d/e/f', 'd/./e/../e/f', 'to/f', 'd/near', 'far', 'out', 'd/up/far', 'd', 'pipe', 'shut/f', 'closed']
    const outcomes = (): Promise<string[]> =>
      Promise.all([...names, 'l\nine', 'd/e/f/', 'd/e/f/g', 'none'].map((name) => outcomeOf(sandbox, name)))
    const quiet = await outcomes()
    const process = await sandbox.spawn?.({ command: ['sleep', '60'] })
    expect(await outcomes()).toEqual(quiet)
    expect(quiet.slice(0, 6)).toEqual(['1\n', '1\n', '1\n', '1\n', '1\n', 'sandbox.outside'])
    expect(quiet.slice(7, 11)).toEqual(['null', 'null', 'null', 'sandbox.read-failed'])
    process?.kill()
  })

  test('reads what it is given beside the system, and cannot write to it', async () => {
    const tools = mkdtempSync(path.join(os.tmpdir(), 'limi-tools-'))
    writeFileSync(path.join(tools, 'tool'), '#!/bin/sh\necho works\n', { mode: 0o755 })
    const { chmodSync } = await import('node:fs')
    chmodSync(tools, 0o755)
    const sandbox = await opened(bubblewrapSandboxes, { files: {}, readable: [tools] })
    made.push(sandbox)
    expect(await sandbox.exec(`${tools}/tool; touch ${tools}/x 2>/dev/null || echo refused`)).toMatchObject({
      stdout: 'works\nrefused\n',
    })
  })
})
