import path from 'node:path'
import { expect, test } from 'vitest'
import { unwrap } from '../../../nouns/index.js'
import { exitCodeOf, runChild } from './child.js'

const run = (script: string, signal?: AbortSignal) =>
  runChild({
    command: [process.execPath, '-e', script],
    env: { ...process.env, LIMI_TEST_VALUE: '7' },
    cwd: import.meta.dirname,
    output: 'stderr',
    signal,
  })

test('a program gets its environment and folder, and its exit code comes back', async () => {
  const place = JSON.stringify(path.resolve(import.meta.dirname))
  const ended = await run(`process.exit(process.cwd() === ${place} ? Number(process.env.LIMI_TEST_VALUE) : 1)`)
  expect(exitCodeOf(unwrap(ended))).toBe(7)
})

test('a program that a signal ended is told as a shell tells it', async () => {
  expect(exitCodeOf(unwrap(await run('process.kill(process.pid, "SIGKILL")')))).toBe(137)
})

test('a stop reaches the program', async () => {
  const stop = new AbortController()
  const running = run('setInterval(() => {}, 1000)', stop.signal)
  setTimeout(() => stop.abort(), 200)
  expect(unwrap(await running)).toEqual({ code: null, signal: 'SIGTERM' })
})

test('a program that is not there is said by its name', async () => {
  const ended = await runChild({ command: ['limi-no-such'], env: {}, cwd: '.', output: 'stderr' })
  expect(ended).toMatchObject({
    ok: false,
    failure: { code: 'record.command', where: 'limi-no-such', kind: 'missing' },
  })
})
