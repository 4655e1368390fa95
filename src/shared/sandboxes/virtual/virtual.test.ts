import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FailureError, unwrap } from '../../../nouns/index.js'
import type { Sandbox, SandboxLimits } from '../sandbox.js'
import { sandboxProvider } from '../providers.js'
import { virtualSandboxes } from './virtual.js'

const create = async (files: Record<string, string> = {}, limits?: Partial<SandboxLimits>): Promise<Sandbox> =>
  unwrap(await virtualSandboxes.create({ files, limits }))

const text = async (sandbox: Sandbox, path: string): Promise<string | null> => {
  const bytes = await sandbox.read(path)
  return bytes === null ? null : Buffer.from(bytes).toString('utf8')
}

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'none',
    (error: unknown) => (error instanceof FailureError ? error.failure.code : String(error)),
  )

describe('a command', () => {
  test('sees the files it starts with and leaves its own', async () => {
    const sandbox = await create({ 'a b/ü.txt': 'grüße\n' })
    const result = await sandbox.exec("cat 'a b/ü.txt'; echo out > new.txt; echo err >&2; exit 3")
    expect(result).toEqual({ stdout: 'grüße\n', stderr: 'err\n', exitCode: 3, timedOut: false, truncatedBytes: 0 })
    expect(await text(sandbox, 'new.txt')).toBe('out\n')
  })

  test('sees the same times of the files it starts with, whenever it runs', async () => {
    const sandbox = await create({ 'a.txt': 'a\n', 'd/b.txt': 'b\n' })
    const { stdout } = await sandbox.exec('ls -lR')
    const times = stdout.split('\n').filter((line) => /^[-d]/.test(line))
    expect(times).toHaveLength(3)
    for (const line of times) expect(line).toMatch(/ Jan +1 +2025 /)
    await sandbox.exec('touch a.txt')
    expect((await sandbox.exec('ls -l a.txt')).stdout).not.toContain('2025 a.txt')
  })

  test('starts in the folder where the last one ended, with no variables of it', async () => {
    const sandbox = await create({ 'd/x': '1' })
    await sandbox.exec('cd d; export A=1')
    expect((await sandbox.exec('pwd; echo "[$A]"')).stdout).toBe('/workspace/d\n[]\n')
    expect((await sandbox.exec('pwd', { cwd: '.' })).stdout).toBe('/workspace\n')
    expect((await sandbox.exec('pwd')).stdout).toBe('/workspace/d\n')
    await sandbox.exec('rm -r ../d')
    expect(await sandbox.exec('pwd')).toMatchObject({
      stdout: '/workspace\n',
      stderr: 'bash: /workspace/d is gone: back in /workspace\n',
    })
  })

  test('keeps a here-document as it was written', async () => {
    const sandbox = await create()
    await sandbox.exec('cat > x <<EOF\n\ta\n    b\nEOF')
    expect(await text(sandbox, 'x')).toBe('\ta\n    b\n')
  })

  test('has neither network nor interpreters nor the files of this machine', async () => {
    const sandbox = await create()
    for (const command of ['curl http://example.com', 'python3 -c 1', 'node -v']) {
      expect((await sandbox.exec(command)).stderr).toMatch(/command not found\n$/)
    }
    expect((await sandbox.exec('cat /etc/passwd')).exitCode).toBe(1)
    expect((await sandbox.exec('cat /proc/self/environ; env')).stdout).not.toContain(process.env.PATH ?? 'no path')
  })
})

describe('a runaway command', () => {
  test.each([
    ['a busy loop', 'while true; do :; done'],
    ['a loop that prints', 'for ((;;)); do echo aaaaaaaaaaaaaaaaaaaaaaaa; done'],
    ['one that calls itself', 'f() { f | f & }; f; f() { f; f; }; f'],
    ['a sleeper', 'sleep 60'],
    ['awk', 'awk "BEGIN { while (1); }"'],
    ['a growing variable', 'x=a; while true; do x=$x$x; done'],
    ['nested loops', 'for i in $(seq 1 9999); do for j in $(seq 1 9999); do echo $i; done; done'],
    ['a regular expression', `[[ ${'a'.repeat(50)}! =~ ^(a+)+$ ]]; echo ${'a'.repeat(50)}! | grep -E '^(a+)+$'`],
  ])('%s is stopped in time', async (_name, command) => {
    const sandbox = await create({}, { timeoutMs: 400 })
    const began = performance.now()
    const result = await sandbox.exec(command)
    expect(performance.now() - began).toBeLessThan(3_000)
    expect(result.exitCode).not.toBe(0)
    expect((await sandbox.exec('echo alive')).stdout).toBe('alive\n')
  })

  test('says so when its time was up', async () => {
    const sandbox = await create()
    expect(await sandbox.exec('sleep 60', { timeoutMs: 100 })).toMatchObject({ timedOut: true, exitCode: 124 })
    expect(await sandbox.exec('timeout 0.05 sleep 60')).toMatchObject({ timedOut: false, exitCode: 124 })
  })

  test('stops when it is aborted', async () => {
    const sandbox = await create()
    const began = performance.now()
    const result = await sandbox.exec('sleep 60', { signal: AbortSignal.timeout(50) })
    expect(result.exitCode).not.toBe(0)
    expect(result.timedOut).toBe(false)
    expect(performance.now() - began).toBeLessThan(3_000)
  })

  test('has its output cut between characters, the rest counted', async () => {
    const sandbox = await create({}, { maxOutputBytes: 10 })
    expect(await sandbox.exec('printf "äöüäöüäöü"; exit 2')).toMatchObject({
      stdout: 'äöüäö',
      truncatedBytes: 8,
      exitCode: 2,
    })
    expect(await sandbox.exec('printf "a€€€€"')).toMatchObject({ stdout: 'a€€€', truncatedBytes: 3 })
  })
})

describe('the workspace', () => {
  test('keeps bytes as they are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        const sandbox = await create()
        await sandbox.write('sub/b.bin', bytes)
        await sandbox.exec('cat sub/b.bin > copy.bin')
        expect(await sandbox.read('copy.bin')).toEqual(bytes)
      }),
      { numRuns: 40 },
    )
  })

  test('has no file where there is none, or a folder', async () => {
    const sandbox = await create({ 'd/x': '1' })
    expect(await sandbox.read('none')).toBeNull()
    expect(await sandbox.read('d')).toBeNull()
    expect(await sandbox.read('d/x/y')).toBeNull()
  })

  test.each(['../x', '/etc/passwd', 'a/../../x', '', 'a\0b', 'out/x', 'dangling'])('refuses %j', async (path) => {
    const sandbox = await create()
    await sandbox.exec('ln -s /tmp out; ln -s /tmp/none dangling')
    expect(await codeOf(sandbox.read(path))).toBe('sandbox.outside')
    expect(await codeOf(sandbox.write(path, 'x'))).toBe('sandbox.outside')
    expect(await virtualSandboxes.create({ files: { '../x': '' } })).toMatchObject({
      ok: false,
      failure: { code: 'sandbox.outside' },
    })
  })

  test('holds no more than its limit', async () => {
    const sandbox = await create({}, { maxWorkspaceBytes: 100_000 })
    expect(await codeOf(sandbox.write('big', new Uint8Array(100_001)))).toBe('sandbox.full')
    const result = await sandbox.exec('printf "%90000s" a > a; cp a b')
    expect(result.exitCode).not.toBe(0)
    expect(await sandbox.read('b')).toBeNull()
  })

  test('a folder of this machine is refused', async () => {
    expect(await virtualSandboxes.create({ files: {}, base: '/usr' })).toMatchObject({
      ok: false,
      failure: { code: 'sandbox.no-base' },
    })
  })
})

describe('a snapshot', () => {
  test('is told apart by path and put back', async () => {
    const sandbox = await create({ keep: 'k', change: 'c', remove: 'r', 'd/deep': 'x', script: 'echo' })
    const before = await sandbox.snapshot()
    await sandbox.exec('echo more >> change; rm remove; mkdir n; echo 1 > n/new; ln -s keep link; chmod +x script')
    await sandbox.exec('rm -r d; echo file > d; echo k > /tmp/out; printf k > keep')
    expect(await sandbox.diff(before)).toEqual({
      change: 'changed',
      d: 'added',
      'd/deep': 'removed',
      link: 'added',
      'n/new': 'added',
      remove: 'removed',
      script: 'changed',
    })
    await sandbox.restore(before)
    expect(await sandbox.diff(before)).toEqual({})
    expect((await sandbox.exec('find . /tmp | sort | tr "\\n" " "; cat d/deep')).stdout).toBe(
      '. ./change ./d ./d/deep ./keep ./remove ./script /tmp x',
    )
  })

  test('whatever commands do in between, restoring gives the same tree', async () => {
    const commands = fc.constantFrom(
      'rm -rf a',
      'mkdir -p a/b; echo 1 > a/b/c',
      'echo 2 > a',
      'ln -sf b/x l',
      'mv b z',
      'chmod 600 b/x',
      'cp -r b a',
      'rm -rf b; echo b > b',
      'rm -f b; ln -s / b',
      'chmod 700 b',
    )
    const listing = 'find . -exec stat -c "%n %a %F %s" {} \\; | sort; cat b/x'
    await fc.assert(
      fc.asyncProperty(fc.array(commands, { maxLength: 6 }), async (list) => {
        const sandbox = await create({ 'b/x': 'x', 'b/y': 'y' })
        const expected = (await sandbox.exec(listing)).stdout
        const before = await sandbox.snapshot()
        for (const command of list) await sandbox.exec(command)
        await sandbox.restore(before)
        expect((await sandbox.exec(listing)).stdout).toBe(expected)
        expect(await sandbox.diff(before)).toEqual({})
      }),
      { numRuns: 60 },
    )
  })
})

test('a provider is found by name, and is ready', async () => {
  expect(await unwrap(sandboxProvider('virtual')).probe()).toEqual({ ready: true })
  expect(sandboxProvider('virtul')).toMatchObject({
    ok: false,
    failure: { code: 'sandbox.unknown', remedy: 'choose virtual' },
  })
})
