import { expect, test } from 'vitest'
import { FailureError, unwrap } from '../../../nouns/index.js'
import type { Sandbox, SandboxLimits, SandboxProvider } from '../sandbox.js'

/** Opens a sandbox that is disposed of after the test. */
export type Open = (files?: Record<string, string>, limits?: Partial<SandboxLimits>) => Promise<Sandbox>

export const textIn = async (sandbox: Sandbox, path: string): Promise<string | null> => {
  const bytes = await sandbox.read(path)
  return bytes === null ? null : Buffer.from(bytes).toString('utf8')
}

export const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'none',
    (error: unknown) => (error instanceof FailureError ? error.failure.code : String(error)),
  )

/** What every sandbox promises about files, commands and snapshots. */
export function contractOf(provider: SandboxProvider, open: Open): void {
  test('a command sees the files it starts with and leaves its own', async () => {
    const sandbox = await open({ 'a b/ü.txt': 'grüße\n' })
    const result = await sandbox.exec("cat 'a b/ü.txt'; echo out > new.txt; echo err >&2; exit 3")
    expect(result).toEqual({ stdout: 'grüße\n', stderr: 'err\n', exitCode: 3, timedOut: false, truncatedBytes: 0 })
    expect(await textIn(sandbox, 'new.txt')).toBe('out\n')
  })

  test('the next command starts in the folder where the last one ended, with no variables of it', async () => {
    const sandbox = await open({ 'd/x': '1' })
    await sandbox.exec('cd d; export A=1')
    expect((await sandbox.exec('pwd; echo "[$A]"')).stdout).toBe('/workspace/d\n[]\n')
    expect((await sandbox.exec('pwd', { cwd: '.' })).stdout).toBe('/workspace\n')
    expect((await sandbox.exec('pwd')).stdout).toBe('/workspace/d\n')
    await sandbox.enter('.')
    expect((await sandbox.exec('pwd')).stdout).toBe('/workspace\n')
    await sandbox.exec('cd d; rm -r ../d')
    expect(await sandbox.exec('pwd')).toMatchObject({
      stdout: '/workspace\n',
      stderr: 'bash: /workspace/d is gone: back in /workspace\n',
    })
  })

  test('a file is read and written by its path, and one that is not there is null', async () => {
    const sandbox = await open()
    await sandbox.write('deep/er/ü.bin', new Uint8Array([0, 255, 10, 13]))
    expect(Buffer.from((await sandbox.read('deep/er/ü.bin')) ?? [])).toEqual(Buffer.from([0, 255, 10, 13]))
    expect(await sandbox.read('absent')).toBeNull()
    expect(await sandbox.read('deep')).toBeNull()
    expect(await sandbox.files()).toEqual(['deep/er/ü.bin'])
  })

  test.each(['../x', '/etc/passwd', 'a/../../x', 'a\0b', ''])('the path %j is refused', async (path) => {
    const sandbox = await open({ 'a/x': '1' })
    expect(await codeOf(sandbox.read(path))).toBe('sandbox.outside')
    expect(await codeOf(sandbox.write(path, 'x'))).toBe('sandbox.outside')
    expect(await provider.create({ files: { [path]: '1' } })).toMatchObject({
      ok: false,
      failure: { code: 'sandbox.outside' },
    })
  })

  test('a link that leads out of the workspace is neither read nor written through', async () => {
    const sandbox = await open({ real: 'here\n' })
    await sandbox.exec('ln -s /tmp/out away; ln -s /tmp folder; ln -s real near; echo secret > /tmp/out')
    expect(await codeOf(sandbox.read('away'))).toBe('sandbox.outside')
    expect(await codeOf(sandbox.write('away', 'x'))).toBe('sandbox.outside')
    expect(await codeOf(sandbox.write('folder/new', 'x'))).toBe('sandbox.outside')
    expect(await textIn(sandbox, 'near')).toBe('here\n')
  })

  test('a command that takes too long is ended, and says so', async () => {
    const sandbox = await open({}, { timeoutMs: 400 })
    const began = performance.now()
    expect(await sandbox.exec('while true; do :; done')).toMatchObject({ timedOut: true, exitCode: 124 })
    expect(performance.now() - began).toBeLessThan(10_000)
    expect((await sandbox.exec('echo on')).stdout).toBe('on\n')
  })

  test('output beyond the limit is cut and counted', async () => {
    const sandbox = await open({}, { maxOutputBytes: 1001 })
    const { stdout, truncatedBytes } = await sandbox.exec('for i in $(seq 600); do printf üa; done')
    expect(Buffer.byteLength(stdout) + truncatedBytes).toBe(1800)
    expect(Buffer.byteLength(stdout)).toBeLessThanOrEqual(1001)
    expect(stdout).not.toContain('\uFFFD')
  })

  test('a snapshot is gone back to, and told apart', async () => {
    const sandbox = await open({ a: '1\n', b: '2\n', 'd/c': '3\n' })
    const start = await sandbox.snapshot()
    expect(await sandbox.diff(start)).toEqual({})
    await sandbox.exec('echo 9 > a; rm b; echo 3 > d/c; ln -s a link; mkdir e; echo 5 > e/new; chmod +x d/c')
    const then = await sandbox.snapshot()
    expect(await sandbox.diff(start)).toEqual({
      ...{ a: 'changed', b: 'removed', 'd/c': 'changed', link: 'added', 'e/new': 'added' },
    })
    await sandbox.restore(start)
    expect(await sandbox.diff(start)).toEqual({})
    expect(await sandbox.files()).toEqual(['a', 'b', 'd/c'])
    await sandbox.restore(then)
    expect(await textIn(sandbox, 'a')).toBe('9\n')
    await sandbox.exec('printf "1\\n" > a')
    expect((await sandbox.diff(start))['a']).toBeUndefined()
  })

  test('a snapshot of another sandbox is a fault', async () => {
    const [one, other] = [await open(), await open()]
    const snapshot = await one.snapshot()
    await one.exec('touch a')
    await other.exec('touch b')
    await expect(async () => other.restore({ id: `${snapshot.id}-x` })).rejects.toThrow()
  })

  test('the environment of this process is not seen', async () => {
    process.env['LIMI_TEST_SECRET'] = 'very-secret-value'
    const { stdout } = await (await open()).exec('env; cat /proc/self/environ /proc/1/environ 2>/dev/null')
    delete process.env['LIMI_TEST_SECRET']
    expect(stdout).not.toContain('very-secret-value')
  })
}

export const opened = async (
  provider: SandboxProvider,
  spec: Parameters<SandboxProvider['create']>[0],
): Promise<Sandbox> => unwrap(await provider.create(spec))
