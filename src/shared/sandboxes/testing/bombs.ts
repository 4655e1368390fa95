import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Open } from './contract.js'

/** Programs that take all they can get. */
export function endsBombs(open: Open): void {
  describe('a bomb', () => {
    test('of processes has a limit of its own', async () => {
      const sandbox = await open({}, { maxProcesses: 40, timeoutMs: 3000 })
      const before = processes()
      const work = sandbox.exec(':(){ :|:& };:; sleep 1')
      await new Promise((resolve) => setTimeout(resolve, 700))
      expect(processes() - before).toBeLessThan(120)
      await work
      expect((await sandbox.exec('echo on')).stdout).toBe('on\n')
    })

    test('of memory is ended', async () => {
      const sandbox = await open({}, { maxMemoryBytes: 200 << 20, timeoutMs: 20_000 })
      const { stderr, exitCode, timedOut } = await sandbox.exec('x=a; while true; do x=$x$x; done')
      expect({ exitCode, timedOut }).toEqual({ exitCode: 137, timedOut: false })
      expect(stderr).toContain('the processes held more memory than')
    })

    test.each([
      ['one file', 'head -c 300M /dev/zero > big; ls -l big | cut -d" " -f5'],
      ['many files', 'for i in $(seq 1000); do head -c 1M /dev/zero > $i || break; done'],
      ['many empty files', 'mkdir e; for i in $(seq 200000); do : > e/$i; done'],
      ['its home', 'for i in $(seq 1000); do head -c 1M /dev/zero > ~/$i || break; done'],
    ])('of disk, %s, is ended', async (_name, command) => {
      const sandbox = await open({}, { maxWorkspaceBytes: 20 << 20, timeoutMs: 20_000 })
      const { stderr, exitCode, timedOut } = await sandbox.exec(command)
      expect(timedOut).toBe(false)
      const isSaid = /the workspace holds more than|File size limit exceeded/.test(stderr)
      expect(isSaid || exitCode === 153, stderr).toBe(true)
    })

    test.each(['/tmp', '/dev/shm'])('of %s meets the end of it', async (place) => {
      const sandbox = await open({}, { timeoutMs: 20_000 })
      const { stderr } = await sandbox.exec(`for i in $(seq 400); do head -c 1M /dev/zero > ${place}/$i || break; done`)
      expect(stderr).toContain('No space left on device')
    })

    test('of output holds no memory here', async () => {
      const sandbox = await open({}, { maxOutputBytes: 1000, timeoutMs: 20_000 })
      const result = await sandbox.exec('head -c 200M /dev/zero; head -c 100M /dev/zero >&2')
      expect(result.truncatedBytes).toBe((300 << 20) - 2000)
      expect(process.memoryUsage().rss).toBeLessThan(1 << 30)
    })

    test('of bytes that are no text comes as text', async () => {
      const { stdout } = await (await open()).exec(String.raw`printf '\xff\x00a\xc3'`)
      expect(stdout).toBe('\uFFFD\0a\uFFFD')
    })
  })
}

const processes = (): number => readdirSync('/proc').filter((name) => /^\d+$/.test(name)).length
