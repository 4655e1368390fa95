import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import type { Sandbox, SandboxSpec } from '../sandbox.js'
import { codeOf, opened, textIn } from '../testing/contract.js'
import { dockerSandboxes } from './index.js'
import { startTestEngine } from './testing/engine.js'

/** Debian's static one needs no library. */
const busybox = ['/usr/bin/busybox', '/bin/busybox'].find((place) => existsSync(place)) ?? null
const engine = await startTestEngine()
if (engine.ready) {
  process.env['DOCKER_HOST'] = `unix://${engine.socketPath}`
  process.env['LIMI_SANDBOX_IMAGE'] = engine.image
}
const made: Sandbox[] = []
afterEach(async () => {
  for (const sandbox of made.splice(0)) await sandbox.dispose()
})
afterAll(async () => {
  if (engine.ready) await engine.stop()
})

async function open(spec: Partial<SandboxSpec>): Promise<Sandbox> {
  const sandbox = await opened(dockerSandboxes, { files: {}, ...spec })
  made.push(sandbox)
  return sandbox
}

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'limi-image ü-'))
  chmodSync(folder, 0o755)
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
    writeFileSync(path.join(folder, name), content)
  }
  return folder
}

const built = (...lines: readonly string[]): NonNullable<SandboxSpec['image']> => ({
  kind: 'build',
  folder: folderWith({ Dockerfile: ['FROM limi-test:latest', ...lines, ''].join('\n'), 'data.txt': 'data\n' }),
})

describe.skipIf(!engine.ready)(engine.ready ? 'docker, images' : `docker, images (skipped: ${engine.why})`, () => {
  test('a folder with a Dockerfile is built, once, and its working folder is the workspace', async () => {
    const image = built('WORKDIR /app', 'COPY data.txt .', 'RUN echo made > made.txt', 'ENV COLOUR=green')
    const sandbox = await open({ image, files: { 'sub/mine.txt': 'mine\n' } })
    expect(await sandbox.files()).toEqual(['data.txt', 'made.txt', 'sub/mine.txt'])
    expect(await sandbox.exec('pwd; id -u; cat sub/mine.txt; echo $COLOUR')).toMatchObject({
      stdout: '/app\n0\nmine\ngreen\n',
    })
    const before = await imagesIn()
    const other = await open({ image: { kind: 'build', folder: copyOf(image) } })
    expect(await other.files()).toEqual(['data.txt', 'made.txt'])
    expect(await imagesIn()).toEqual(before)
  })

  test('what an image keeps in /tmp is there, and is as it was after going back', async () => {
    const sandbox = await open({ image: built('WORKDIR /app', 'COPY data.txt /tmp/kept') })
    const said = async (command: string): Promise<string> => (await sandbox.exec(command)).stdout
    expect(await said('cat /tmp/kept; stat -c %a /tmp; echo 1 > /tmp/mine')).toBe('data\n1777\n')
    const then = await sandbox.snapshot()
    await sandbox.exec('rm /tmp/kept; echo 2 > /tmp/mine')
    await sandbox.restore(then)
    expect(await said('cat /tmp/kept /tmp/mine')).toBe('data\n1\n')
  })

  test('variables come besides those of the image', async () => {
    const image = {
      ...built('WORKDIR /app', 'ENV COLOUR=green SIZE=1'),
      env: { COLOUR: 'it is "red"', PATH: '/nowhere:/usr/bin' },
    }
    const sandbox = await open({ image })
    const said = async (): Promise<string> => (await sandbox.exec('echo "$COLOUR $SIZE $PATH"')).stdout
    expect(await said()).toBe('it is "red" 1 /nowhere:/usr/bin\n')
    await sandbox.restore(await sandbox.snapshot())
    expect(await said()).toBe('it is "red" 1 /nowhere:/usr/bin\n')
    expect((await (await open({ image: { ...image, env: {} } })).exec('echo $COLOUR')).stdout).toBe('green\n')
  })

  test('an image whose working folder is in /tmp begins with what lies there', async () => {
    const sandbox = await open({ image: built('WORKDIR /tmp/work', 'COPY data.txt .') })
    expect(await sandbox.files()).toEqual(['data.txt'])
  })

  test('root of an image owns files, and nothing else', async () => {
    const sandbox = await open({ image: built('WORKDIR /app') })
    const { stdout } = await sandbox.exec(
      'touch /usr/x a && chown 5:5 a && chmod 600 a && echo x >> a && echo owned; mknod d b 8 0; mount -t tmpfs none /mnt; hostname x; grep CapEff /proc/self/status',
    )
    // CHOWN, DAC_OVERRIDE, FOWNER, FSETID, KILL, SETGID, SETUID.
    expect(stdout).toBe('owned\nCapEff:\t00000000000000fb\n')
    const start = await sandbox.snapshot()
    await sandbox.exec('rm /usr/x; echo 2 > b')
    await sandbox.restore(start)
    expect((await sandbox.exec('ls /usr/x; ls')).stdout).toBe('/usr/x\na\n')
  })

  test('a user whom the image names owns what is put there', async () => {
    const image = built(
      `RUN echo 'worker:x:1234:1234::/home:/bin/sh' >> /etc/passwd && echo 'worker:x:1234:' >> /etc/group`,
      'USER worker',
    )
    const sandbox = await open({ image, files: { 'd/a': '1' } })
    expect((await sandbox.exec('id -u; echo 2 >> d/a; echo 3 > d/b; cat d/a')).stdout).toBe('1234\n12\n')
    await sandbox.write('d/new/c', 'c')
    expect(await sandbox.files()).toEqual(['d/a', 'd/b', 'd/new/c'])
  })

  test('one that is not built or not there is told, with what the engine said', async () => {
    const failing = await dockerSandboxes.create({ files: {}, image: built('RUN echo so far; false') })
    expect(failing).toMatchObject({ ok: false, failure: { code: 'sandbox.image' } })
    expect(JSON.stringify(failing)).toContain('so far')
    const absent = await dockerSandboxes.create({
      files: {},
      image: { kind: 'name', name: 'localhost/limi-is-not-there:1' },
    })
    expect(absent).toMatchObject({
      ok: false,
      failure: { code: 'sandbox.image', where: 'localhost/limi-is-not-there:1' },
    })
  })

  test('a workspace in a volume is refused', async () => {
    const made = await dockerSandboxes.create({ files: {}, image: built('WORKDIR /data/app', 'VOLUME /data') })
    expect(made).toMatchObject({ ok: false, failure: { code: 'sandbox.image-volume' } })
  })

  test('a folder of this machine is seen and never changed', async () => {
    const long = `${'deep/'.repeat(30)}file`
    const base = folderWith({ 'kept.txt': 'kept\n', 'sub/old.txt': 'old\n', [long]: 'long' })
    const [sandbox, other] = [await open({ base, files: { 'sub/new.txt': 'new\n' } }), await open({ base })]
    const start = await sandbox.snapshot()
    expect(await sandbox.files()).toEqual([long, 'kept.txt', 'sub/new.txt', 'sub/old.txt'])
    await sandbox.exec('echo more >> kept.txt; rm -r sub; printf "long" > deep/x; mv deep/x ' + long)
    expect(await sandbox.diff(start)).toEqual({
      'kept.txt': 'changed',
      'sub/new.txt': 'removed',
      'sub/old.txt': 'removed',
    })
    await sandbox.restore(start)
    expect(await sandbox.diff(start)).toEqual({})
    expect(await textIn(other, 'kept.txt')).toBe('kept\n')
    expect(readFileSync(path.join(base, 'kept.txt'), 'utf8')).toBe('kept\n')
  })

  test('what is given beside the system is read, and first on the path where it is a tool', async () => {
    const tools = folderWith({ 'bin/tool': '#!/bin/sh\necho works\n', 'other.txt': 'read\n' })
    const readable = folderWith({ 'x y': 'given\n' })
    const sandbox = await open({ tools: [tools], readable: [readable] })
    const { stdout } = await sandbox.exec(
      `sh '${tools}/bin/tool'; cat '${readable}/x y'; touch '${tools}/x' '${readable}/x' 2>/dev/null || echo refused; echo "$PATH" | cut -d: -f1`,
    )
    expect(stdout).toBe(`works\ngiven\nrefused\n${tools}/bin\n`)
  })

  test('a command ends with what it started while another goes on', async () => {
    const sandbox = await open({})
    const long = await sandbox.spawn?.({
      command: ['bash', '-c', 'sleep 50 & echo begun; read line; echo "got $line"'],
    })
    const said = linesOf(long?.stdout)
    await expect.poll(() => said()).toBe('begun\n')
    await sandbox.exec('setsid sleep 61 & sleep 0.1')
    expect((await sandbox.exec("cat /proc/[0-9]*/cmdline | tr '\\0' ' '")).stdout).toMatch(/^(?!.*sleep 61).*sleep 50/s)
    long?.stdin.end('a line\n')
    expect(await long?.ended).toEqual({ exitCode: 0, timedOut: false })
    expect(said()).toBe('begun\ngot a line\n')
  })

  test('a program whose output nobody reads is over when it ends or is ended', async () => {
    const sandbox = await open({})
    for (const isEnded of [false, true]) {
      const running = await sandbox.spawn?.({
        command: ['bash', '-c', isEnded ? 'head -c 50M /dev/zero; sleep 60' : 'head -c 30K /dev/zero'],
      })
      await new Promise((resolve) => setTimeout(resolve, 500))
      if (isEnded) running?.kill()
      expect((await running?.ended)?.exitCode).toBe(isEnded ? null : 0)
    }
  })

  test('a container that somebody else removed is told', async () => {
    const sandbox = await open({})
    if (!engine.ready) return
    for (const { Id } of await engine.docker.listContainers())
      await engine.docker.getContainer(Id).remove({ force: true })
    expect(await codeOf(sandbox.exec('true'))).toBe('sandbox.engine')
  })

  test('a slot that a program blocks holds up no later command', async () => {
    const sandbox = await open({ limits: { timeoutMs: 5000 } })
    await sandbox.exec('rm -f /run/limi/*; mkfifo /run/limi/1')
    expect(await sandbox.exec('cd /tmp; echo on')).toMatchObject({ stdout: 'on\n', timedOut: false })
  })

  test('memory is counted where a process that goes on began the one that holds it', async () => {
    const sandbox = await open({ limits: { maxMemoryBytes: 100 << 20, timeoutMs: 8000 } })
    const { timedOut, stderr } = await sandbox.exec(`perl -e '$x = "a" x (300 << 20); sleep 20'; sleep 20`)
    expect(timedOut).toBe(false)
    expect(stderr).toContain('more memory')
  })

  test.skipIf(busybox === null)(
    `an image with busybox alone will do${busybox === null ? ' (skipped: no busybox here)' : ''}`,
    async () => {
      const folder = folderWith({
        Dockerfile:
          'FROM scratch\nCOPY busybox /bin/busybox\nRUN ["/bin/busybox", "--install", "-s", "/bin"]\nWORKDIR /app\n',
      })
      copyFileSync(busybox ?? '', path.join(folder, 'busybox'))
      chmodSync(path.join(folder, 'busybox'), 0o755)
      const sandbox = await open({ image: { kind: 'build', folder }, files: { 'd/a b': '1', same: 'same' } })
      const start = await sandbox.snapshot()
      await sandbox.write('d/new/ü', 'new')
      await sandbox.exec('cd d; echo 2 > "a b"; ln -s "a b" link; (setsid sleep 60 &); printf same > ../same')
      expect((await sandbox.exec('pwd; ps | grep -c "sleep 6[0]"')).stdout).toBe('/app/d\n0\n')
      expect(await sandbox.diff(start)).toEqual({ 'd/a b': 'changed', 'd/link': 'added', 'd/new/ü': 'added' })
      expect(await codeOf(sandbox.read('../etc/passwd'))).toBe('sandbox.outside')
      await sandbox.exec('ln -s /bin out')
      expect(await codeOf(sandbox.read('d/out/busybox'))).toBe('sandbox.outside')
      await sandbox.restore(start)
      expect(await sandbox.files()).toEqual(['d/a b', 'same'])
    },
  )

  test.each(['socat', 'perl'])('a port is led inside by %s, and refused where nothing leads it', async (relay) => {
    const others = ['socat', 'perl'].filter((name) => name !== relay)
    const [with_, without] = [
      built(`RUN rm /usr/bin/${others.join(' ')}`),
      built('RUN rm /usr/bin/socat /usr/bin/perl'),
    ]
    const server = (await import('node:http')).createServer((request, response) => request.pipe(response))
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port))
    })
    const body = 'x'.repeat(200_000)
    const ask = `exec 5<>/dev/tcp/127.0.0.1/${port}; { printf 'POST / HTTP/1.1\\r\\nHost: a\\r\\nConnection: close\\r\\nContent-Length: 200000\\r\\n\\r\\n'; cat; } >&5 & cat <&5`
    const running = await (
      await open({ image: with_ })
    ).spawn?.({ command: ['bash', '-c', `exec 6<&0; { cat <&6 | { ${ask}; }; }`], port })
    running?.stdin.end(body)
    const said = linesOf(running?.stdout)
    await running?.ended
    expect(said().length).toBeGreaterThan(200_000)
    const none = await open({ image: without })
    expect(await codeOf(none.spawn?.({ command: ['true'], port }) ?? Promise.resolve())).toBe('sandbox.no-relay')
    server.close()
  })
})

const imagesIn = async (): Promise<readonly string[]> =>
  engine.ready ? (await engine.docker.listImages({ all: true })).map(({ Id }) => Id).sort() : []

const copyOf = (image: NonNullable<SandboxSpec['image']>): string => {
  const from = image.kind === 'build' ? image.folder : ''
  return folderWith({ Dockerfile: readFileSync(path.join(from, 'Dockerfile'), 'utf8'), 'data.txt': 'data\n' })
}

/** What came out of a stream so far. */
function linesOf(stream: NodeJS.ReadableStream | undefined): () => string {
  let text = ''
  stream?.on('data', (chunk: Buffer) => (text += String(chunk)))
  return () => text
}
