import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { textIn, type Open } from './contract.js'
import { OF_THIS_MACHINE, type Nature } from './nature.js'

/** Attempts of a real program to get out, each looked at from outside. */
export function containmentOf(open: Open, nature: Nature = OF_THIS_MACHINE): void {
  describe('files', () => {
    test('of this machine are not there: homes, secrets, the project', async () => {
      const secret = path.join(os.homedir(), `.limi-test-${process.pid}`)
      writeFileSync(secret, 'outside')
      const here = path.resolve(import.meta.dirname)
      const { stdout } = await (
        await open()
      ).exec(
        `cat '${secret}' '${here}/containment.ts' /etc/shadow /etc/hostname 2>/dev/null; ls -A /root /home /mnt /srv /var /opt 2>/dev/null`,
      )
      rmSync(secret)
      expect(
        stdout
          .trim()
          .split('\n')
          .filter((line) => line !== '' && !nature.shows.test(line)),
      ).toEqual([])
    })

    test('of the system cannot be changed, and no folder but the workspace, the home and those in memory is written to', async () => {
      const sandbox = await open()
      const { stdout } = await sandbox.exec(
        'for place in / /usr /usr/bin /etc /lib /bin /proc /proc/sys /dev /run /workspace /home/user /tmp /dev/shm; do touch "$place/x" 2>/dev/null && echo "$place"; done',
      )
      expect(stdout.trim().split('\n')).toEqual(['/workspace', '/home/user', '/tmp', '/dev/shm'])
    })

    test('behind a link that changes under way are not reached by reads of the host', async () => {
      const sandbox = await open({ file: 'inside\n' })
      const outside = path.join(mkdtempSync(path.join(os.tmpdir(), 'limi-out-')), 'secret')
      writeFileSync(outside, 'outside\n')
      const racing = await sandbox.spawn?.({
        command: [
          'bash',
          '-c',
          `while true; do ln -sfn '${outside}' x; mv -T x raced 2>/dev/null; echo in > y; mv -T y raced; done`,
        ],
      })
      const seen = new Set<string>()
      for (let time = 0; time < 20; time += 1) {
        seen.add(
          await textIn(sandbox, 'raced')
            .catch(() => 'refused')
            .then(String),
        )
      }
      racing?.kill()
      await racing?.ended
      expect([...seen].filter((text) => text.includes('outside'))).toEqual([])
    })

    test('of odd kinds do not hold up the host: pipes, sparse files, deep trees, names that are no UTF-8', async () => {
      const sandbox = await open({}, { maxWorkspaceBytes: 64 << 20 })
      const start = await sandbox.snapshot()
      await sandbox.exec(
        String.raw`mkfifo pipe; truncate -s 30M sparse; printf x > $'new\nline'; printf y > $'\xff\xfe'; d=.; for i in $(seq 150); do d=$d/d; done; mkdir -p $d; touch $d/f; mkdir locked; chmod 0 locked`,
      )
      expect(await sandbox.read('pipe')).toBeNull()
      const changes = Object.keys(await sandbox.diff(start))
      expect(changes).toContain('new\nline')
      expect(changes).toContain('sparse')
      expect(changes.some((name) => name.endsWith('d/f'))).toBe(true)
      await sandbox.restore(start)
      expect(await sandbox.files()).toEqual([])
    })

    test('that are devices or of another user cannot be made, and a program gains nothing by its mode', async () => {
      const sandbox = await open()
      const { stdout } = await sandbox.exec(
        'mknod dev b 8 0 2>&1; mknod mem c 1 1 2>&1; chown 0:0 . 2>&1; cp /usr/bin/id ./id; chmod 6755 id; ./id -u; grep -E "CapEff|CapBnd|NoNewPrivs" /proc/self/status',
      )
      expect(stdout.match(/Operation not permitted|Invalid argument/g)?.length).toBe(3)
      expect(stdout).toContain('\n1000\n')
      expect(stdout).toMatch(/CapEff:\s*0+\n/)
      expect(stdout).toMatch(nature.bounding)
      expect(stdout).toMatch(/NoNewPrivs:\s*1/)
    })
  })

  describe('the kernel', () => {
    test('gives no namespace, mount, root, trace of others, module or clock', async () => {
      const sandbox = await open()
      const { stdout } = await sandbox.exec(
        [
          'unshare --user true && echo unshare-user',
          'unshare --mount true && echo unshare-mount',
          'mount -t tmpfs none /tmp && echo mount',
          'umount /usr && echo umount',
          'mount -o remount,rw /usr && echo remount',
          'chroot / true && echo chroot',
          'date -s 2001-01-01 >/tmp/date && echo clock',
          'sysctl -w kernel.hostname=x && echo sysctl',
          'echo 1 > /proc/sys/vm/drop_caches && echo caches',
          'echo b > /proc/sysrq-trigger && echo sysrq',
          'dmesg && echo dmesg',
          'head -c 1 /proc/kcore >/tmp/core && echo kcore',
          'hostname changed && echo hostname',
          'nice -n -5 true 2>&1 | grep -q cannot || echo nice',
          nature.kernelFolders,
        ]
          .map((line) => `(${line}) 2>/dev/null`)
          .join('\n'),
      )
      expect(stdout).toBe('')
    })

    test('shows no process of this machine, and a signal reaches none', async () => {
      const sandbox = await open()
      const victim = spawn('sleep', ['60'])
      const { stdout } = await sandbox.exec(
        `kill -9 ${process.pid} ${victim.pid} 2>/dev/null && echo killed; ls /proc | grep -c '^[0-9]'; ls -d /proc/${process.pid} 2>/dev/null`,
      )
      expect(existsSync(`/proc/${victim.pid}`)).toBe(true)
      expect(victim.exitCode).toBeNull()
      victim.kill()
      expect(stdout).not.toContain('killed')
      expect(Number(stdout.trim().split('\n')[0])).toBeLessThan(8)
    })

    test('lends no terminal, and no open file of this process', async () => {
      const sandbox = await open()
      const { stdout } = await sandbox.exec('tty; (echo x > /dev/tty) 2>&1; ls /proc/$$/fd; ls -l /proc/$$/fd')
      expect(stdout).toContain('not a tty')
      expect(stdout).toContain('No such device or address')
      expect(stdout).not.toMatch(/\.(ts|json|log)$/m)
      const numbers = stdout.split('\n').filter((line) => /^\d+$/.test(line))
      expect(numbers).toEqual(['0', '1', '2', '3'])
    })
  })

  describe('the network', () => {
    test('is not there: neither this machine’s loopback, nor names, nor others, nor sockets without a file', async () => {
      let reached = 0
      const server = http.createServer((_request, response) => {
        reached += 1
        response.end('outside')
      })
      const port = await listening(server)
      const hidden = net.createServer(() => (reached += 1)).listen(`\0limi-test-${process.pid}`)
      const { stdout } = await (
        await open()
      ).exec(
        [
          `(exec 5<>/dev/tcp/127.0.0.1/${port}) 2>&1 && echo connected`,
          `(exec 5<>/dev/tcp/1.1.1.1/80) 2>&1 && echo connected`,
          'getent hosts example.com && echo resolved',
          `socat -T1 - ABSTRACT-CONNECT:limi-test-${process.pid} </dev/null 2>&1 && echo connected`,
        ].join('\n'),
      )
      server.close()
      hidden.close()
      expect(stdout).not.toMatch(/^(connected|resolved)$/m)
      expect(reached).toBe(0)
    })

    test('is one port, where one is given, and no other', async () => {
      const [given, other] = [
        http.createServer((_q, a) => a.end('the model')),
        http.createServer((_q, a) => a.end('other')),
      ]
      const [port, wrong] = [await listening(given), await listening(other)]
      const sandbox = await open()
      const ask = (at: number): string =>
        `exec 5<>/dev/tcp/127.0.0.1/${at} && printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&5 && cat <&5`
      const running = await sandbox.spawn?.({ command: ['bash', '-c', `(${ask(port)}); (${ask(wrong)}) 2>&1`], port })
      const said = await textOf(running?.stdout)
      expect(await running?.ended).toMatchObject({ timedOut: false })
      expect(said).toContain('the model')
      expect(said).toContain('Connection refused')
      given.close()
      other.close()
    })

    test('is this machine’s while the workspace is set up, and never after something ran', async () => {
      const server = http.createServer((_request, response) => response.end('a package'))
      const port = await listening(server)
      const sandbox = await open()
      const fetch = `exec 5<>/dev/tcp/127.0.0.1/${port} && printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&5 && cat <&5 > got`
      expect((await sandbox.setUp?.(fetch))?.exitCode).toBe(0)
      expect(await textIn(sandbox, 'got')).toContain('a package')
      await sandbox.exec('true')
      await expect(async () => sandbox.setUp?.('true')).rejects.toMatchObject({
        failure: { code: 'sandbox.set-up-late' },
      })
      server.close()
    })
  })

  describe('nothing goes on', () => {
    const mark = (): string => `limi-orphan-${process.pid}-${Math.trunc(performance.now())}`

    test.each([
      ['after a command', {}, 'true'],
      ['after its time', { timeoutMs: 500 }, 'sleep 30'],
    ])('%s, however it was started', async (_name, limits, end) => {
      const sandbox = await open({}, limits)
      const name = mark()
      await sandbox.exec(
        `for how in "" "setsid" "nohup" "setsid nohup"; do ($how bash -c 'exec -a ${name} sleep 60' >/dev/null 2>&1 &) ; done; sleep 0.2; ${end}`,
      )
      await settled()
      expect(running(name)).toBe(0)
    })

    test('when a process is ended, or its signal aborted', async () => {
      const sandbox = await open()
      const name = mark()
      const stop = new AbortController()
      const command = ['bash', '-c', `exec -a ${name} sleep 60 & exec -a ${name} sleep 60`] as const
      const [one, other] = [await sandbox.spawn?.({ command }), await sandbox.spawn?.({ command, signal: stop.signal })]
      await expect.poll(() => running(name)).toBe(4)
      one?.kill()
      stop.abort()
      expect((await Promise.all([one?.ended, other?.ended])).map((end) => end?.exitCode)).toEqual([null, null])
      await settled()
      expect(running(name)).toBe(0)
    })

    test('when this process is killed', async () => {
      const name = mark()
      const script = `
        import { ${nature.from[1]} as provider } from ${JSON.stringify(path.resolve(import.meta.dirname, '..', nature.from[0], 'index.ts'))}
        const made = await provider.create({ files: {} })
        console.log('begun')
        await made.value.exec(${JSON.stringify(`setsid bash -c 'exec -a ${name} sleep 60' & exec -a ${name} sleep 60`)})`
      const file = path.join(mkdtempSync(path.join(os.tmpdir(), 'limi-killed-')), 'run.mts')
      writeFileSync(file, script)
      const jiti = path.resolve(import.meta.dirname, '../../../../node_modules/jiti/lib/jiti-cli.mjs')
      const child = spawn(process.execPath, [jiti, file], { stdio: ['ignore', 'pipe', 'inherit'] })
      await expect.poll(() => running(name), { timeout: 20_000 }).toBe(2)
      child.kill('SIGKILL')
      await expect.poll(() => running(name), { timeout: 5000 }).toBe(0)
    })

    test('of its folders when it is disposed of', async () => {
      // A folder of its own: others open sandboxes in the common one at the same time.
      const own = mkdtempSync(path.join(os.tmpdir(), 'limi-own-'))
      chmodSync(own, 0o755)
      vi.stubEnv('TMPDIR', own)
      onTestFinished(() => void vi.unstubAllEnvs())
      const sandbox = await open({ a: '1' })
      await sandbox.exec('mkdir locked; touch locked/x; chmod 0 locked; touch ~/x')
      await sandbox.snapshot().catch(() => undefined)
      await sandbox.dispose()
      expect(readdirSync(own)).toEqual([])
      rmSync(own, { recursive: true })
    })
  })
}

const listening = (server: http.Server): Promise<number> =>
  new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as net.AddressInfo).port))
  })

async function textOf(stream: NodeJS.ReadableStream | undefined): Promise<string> {
  let text = ''
  for await (const chunk of stream ?? []) text += String(chunk)
  return text
}

/** How many processes go by this name, seen from outside. */
function running(name: string): number {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith(name)
    } catch {
      return false
    }
  }).length
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 200))
