import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Open } from './contract.js'

const other = process.arch !== 'x64'
const numbers = other ? ' (skipped: the numbers of system calls are those of x64)' : ''

/** Attempts that go past a wall which looks whole: each was open once. */
export function attacksOn(open: Open): void {
  describe('a filter of system calls', () => {
    test.skipIf(other)(`keeps the key rings of the caller’s session to itself${numbers}`, async () => {
      const { stdout } = await (
        await open()
      ).exec(`perl -e 'for (248, 249, 250) { syscall($_, 0, -3, 0, 0, 0); print $! + 0, " " }'`)
      expect(stdout).toBe('1 1 1 ')
    })

    test.skipIf(other)(
      `stands in the other table of calls, and before io_uring and programs for the kernel${numbers}`,
      async () => {
        const { stdout } = await (
          await open()
        ).exec(`perl -e 'for (0x40000000 + 250, 425, 321, 323) { syscall($_, 1, 0, 0, 0, 0); print $! + 0, " " }'`)
        expect(stdout).toMatch(/^(38|1) 1 1 1 $/)
      },
    )

    test.skipIf(other)(`gives no file in memory, which no look at processes would count${numbers}`, async () => {
      const { stdout } = await (await open()).exec(`perl -e 'my $n = "x"; syscall(319, $n, 0); print $! + 0'`)
      expect(stdout).toBe('38')
    })

    test('puts no character into a terminal', async () => {
      const { stdout } = await (await open()).exec(`perl -e 'my $c = "x"; ioctl(STDIN, 0x5412, $c); print $! + 0'`)
      expect(stdout).toBe('1')
    })
  })

  test('an environment and its secrets stand in no list of processes', async () => {
    const sandbox = await open()
    const secret = `limi-secret-${process.pid}`
    const running = await sandbox.spawn?.({ command: ['sleep', '30'], env: { TOKEN: secret } })
    await expect.poll(() => commandLines().some((line) => line.startsWith('sleep\0' + '30'))).toBe(true)
    const seen = commandLines().filter((line) => line.includes(secret))
    running?.kill()
    await running?.ended
    expect(seen).toEqual([])
  })

  test('memory is counted where a thread began the process that holds it', async () => {
    const sandbox = await open({ 'bomb.py': BOMB }, { maxMemoryBytes: 100 << 20, timeoutMs: 8000 })
    if ((await sandbox.exec('python3 --version')).exitCode !== 0) return
    const { timedOut, stderr } = await sandbox.exec('python3 bomb.py')
    expect({ timedOut, stderr }).toMatchObject({ timedOut: false })
    expect(stderr).toContain('more memory')
  })

  test.each([
    [
      'below folders that cannot be looked into',
      'for i in $(seq 60); do mkdir d$i; head -c 1M /dev/zero > d$i/x; chmod 0 d$i; sleep 0.02; done; sleep 5',
    ],
    [
      'deeper than a path can say',
      'n=$(printf "%0200d" 0); for i in $(seq 30); do mkdir $n; cd $n; done; for i in $(seq 60); do head -c 1M /dev/zero > $i; sleep 0.02; done; sleep 5',
    ],
  ])('what is written %s counts', async (_where, command) => {
    const sandbox = await open({}, { maxWorkspaceBytes: 20 << 20, timeoutMs: 15_000 })
    const { timedOut, stderr } = await sandbox.exec(command)
    expect(timedOut).toBe(false)
    expect(stderr).toContain('the workspace holds more than')
  })

  test('a process that is ended while it begins leaves nothing', async () => {
    const sandbox = await open()
    const name = `limi-begin-${process.pid}`
    const command = ['bash', '-c', `exec -a ${name} sleep 60`] as const
    for (let time = 0; time < 60; time += 1) {
      const running = await sandbox.spawn?.({ command })
      await new Promise((resolve) => setTimeout(resolve, time / 4))
      running?.kill()
      await running?.ended
    }
    await expect.poll(() => commandLines().filter((line) => line.includes(name)), { timeout: 3000 }).toEqual([])
  })
}

const BOMB = `
import subprocess, threading, time
eat = "x = bytearray(300 << 20); import time; time.sleep(20)"
threading.Thread(target=lambda: subprocess.run(["python3", "-c", eat])).start()
time.sleep(20)
`

const commandLines = (): string[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'latin1')
      } catch {
        return ''
      }
    })
