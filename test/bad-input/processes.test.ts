import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { Selection } from '../../src/nouns/index.js'
import { limiForTests } from '../support/cli.js'
import { writeDemo } from '../support/demo.js'
import { writeProject } from '../support/project.js'

const limi = limiForTests()
const collect = ['collect', '--agent', 'shell']

async function until(holds: () => boolean, everyMs = 20): Promise<void> {
  for (const since = Date.now(); !holds();) {
    if (Date.now() - since > 20_000) throw new Error('it did not happen in time')
    await sleep(everyMs)
  }
}

const trajectoriesIn = (root: string): string[] => {
  const folder = path.join(root, 'trajectories')
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith('.jsonl'))
        .map((name) => path.join(folder, name))
    : []
}
/** How far a run has come: queries written and trajectories begun. */
const filesMade = (root: string): number => {
  const queries = path.join(root, 'queries')
  return trajectoriesIn(root).length + (existsSync(queries) ? readdirSync(queries).length : 0)
}
const finishedIn = (root: string): string[] =>
  trajectoriesIn(root).filter((file) => readFileSync(file, 'utf8').includes('"type":"end"'))

describe('two processes in one project', () => {
  it('are told who holds it; reading goes on', async () => {
    const root = path.join(limi.place, 'held ü')
    await writeProject(root, { count: 2, delayMs: 30_000 })
    const first = limi.start(root, ...collect)
    await until(() => trajectoriesIn(root).length > 0)
    const second = await limi.json(root, 'curate')
    expect([second.code, second.data.error?.code]).toEqual([4, 'lock.held'])
    expect(second.stderr).toMatch(new RegExp(`in use by process ${first.pid ?? 0} on .*limi collect, since \\d{4}-`))
    expect(second.stderr).toMatch(/where: .*\.limi\/lock\n {2}to do: wait for it to end/)
    expect((await limi.run(root, 'status')).code).toBe(0)
    first.kill('SIGKILL')
    await first
    const third = await limi.run(root, 'curate')
    expect([third.code, third.stdout.split('  ')[0]]).toEqual([1, '0 chosen, 2 left out'])
  })

  it('are not kept out by the lock of a process that is gone', async () => {
    const root = path.join(limi.place, 'stale ü')
    await writeProject(root, { count: 2 })
    await mkdir(path.join(root, '.limi'))
    const gone = spawnSync(process.execPath, ['-e', '']).pid
    const lock = path.join(root, '.limi/lock')
    await writeFile(lock, JSON.stringify({ pid: gone, host: os.hostname(), command: 'limi run', since: 'then' }))
    expect((await limi.run(root, ...collect)).code).toBe(0)
    expect(existsSync(lock)).toBe(false)
  })
})

describe('Ctrl-C', () => {
  it('once ends with 130, keeps what is finished, and the next run does the rest', async () => {
    const root = path.join(limi.place, 'stopped ü')
    const queries = await writeProject(root, { count: 26, delayMs: 150 })
    const started = limi.start(root, ...collect, '--json')
    await until(() => finishedIn(root).length >= 3)
    started.kill('SIGINT')
    const ended = await started
    expect(ended.exitCode).toBe(130)
    expect(ended.stderr).toMatch(/stopping; what is finished is kept[\s\S]*to do: run the same command again/)
    expect((JSON.parse(ended.stdout) as { error: { code: string } }).error.code).toBe('interrupted')
    expect(existsSync(path.join(root, '.limi/lock'))).toBe(false)
    const finished = finishedIn(root)
    expect(finished.length).toBeLessThan(queries.length)
    const texts = finished.map((file) => readFileSync(file, 'utf8'))
    const again = await limi.json<{ made: number; kept: number }>(root, ...collect)
    expect([again.code, again.data.made, again.data.kept]).toEqual([
      0,
      queries.length - finished.length,
      finished.length,
    ])
    expect(finished.map((file) => readFileSync(file, 'utf8'))).toEqual(texts)
  })

  it('twice ends at once, whatever is still at work', async () => {
    const stoppable = limiForTests()
    const { place } = stoppable
    const root = path.join(place, 'stopped twice ü')
    await writeProject(root, { count: 2 })
    const begun = path.join(place, 'pid')
    const git = path.join(place, 'bin of the test', 'git')
    await rm(git)
    await writeFile(git, stubborn(begun), { mode: 0o755 })
    const started = stoppable.start(root, 'queries', 'mine', place)
    await until(() => existsSync(begun) && readFileSync(begun, 'utf8') !== '')
    started.kill('SIGINT')
    await sleep(500)
    expect(started.exitCode).toBeNull()
    started.kill('SIGINT')
    const ended = await Promise.race([started, sleep(3_000)])
    process.kill(Number(readFileSync(begun, 'utf8')), 'SIGKILL')
    expect(ended?.exitCode).toBe(130)
    expect(existsSync(path.join(root, '.limi/lock'))).toBe(false)
  })
})

/** A git that hears no signal but SIGKILL. */
const stubborn = (pidFile: string): string =>
  `#!${process.execPath}\nprocess.on('SIGTERM', () => {})\nprocess.on('SIGINT', () => {})\nrequire('node:fs').writeFileSync(${JSON.stringify(pidFile)}, String(process.pid))\nsetTimeout(() => {}, 20_000)\n`

/** What a run leaves that its script decides: without times, durations and digests of files that hold them. */
async function madeIn(root: string): Promise<unknown> {
  const selection = Selection.parse(parse(await readFile(path.join(root, 'selections/curated.yaml'), 'utf8')))
  const files = trajectoriesIn(root).sort()
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')))
  return {
    selection,
    files: files.map((file) => path.basename(file)),
    texts: texts.map((text) => withoutTimes(text.replaceAll(root, ''))),
  }
}

const withoutTimes = (text: string): string =>
  text.replace(/"(created|time)":"[^"]*"/gu, '"$1":""').replace(/"(durationMs|seconds)":[\d.]+/gu, '"$1":0')

describe('SIGKILL', () => {
  it(
    'at any five moments of a run leaves what the next one finishes, the same as if nothing had happened',
    { timeout: 120_000 },
    async () => {
      const [calm, killed] = [path.join(limi.place, 'undisturbed'), path.join(limi.place, 'killed ü')]
      await writeDemo(calm, 'fast', 2, { train: 52 })
      await writeDemo(killed, 'fast', 2, { train: 52 })
      const run = ['run', '--to', 'curation']
      expect((await limi.run(calm, ...run)).code).toBe(0)
      const whole = filesMade(calm)
      for (let kill = 0; kill < 5; kill += 1) {
        const moment = Math.ceil((whole * (kill + Math.random())) / 5)
        const started = limi.start(killed, ...run)
        await until(() => started.exitCode !== null || filesMade(killed) >= moment, 2)
        started.kill('SIGKILL')
        await started
      }
      const last = await limi.run(killed, ...run)
      expect(last.code).toBe(0)
      expect(await madeIn(killed)).toEqual(await madeIn(calm))
      expect(readdirSync(killed).sort()).toEqual(readdirSync(calm).sort())
      expect(readFileSync(path.join(killed, 'selections/curated.yaml'))).toEqual(
        readFileSync(path.join(calm, 'selections/curated.yaml')),
      )
    },
  )
})
