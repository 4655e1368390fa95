import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { unwrap } from '../../nouns/index.js'
import { openProject } from '../../shared/project/index.js'
import { importPaths, sampleFolder, trajectoryStore } from '../../stages/trajectories/index.js'
import { exportProject, type ExportRequest } from './export.js'
import { anyFile } from '../out-place.js'
import type { Run } from '../run.js'

let root: string
let ids: string[]
const warned: string[] = []
let run: Run
beforeAll(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'limi-export-'))
  await writeFile(path.join(root, 'limi.yaml'), 'models: {}\n')
  const project = unwrap(await openProject(root))
  const store = trajectoryStore(project.paths.trajectories)
  ids = unwrap(await importPaths([sampleFolder()], { format: 'auto', store }))
    .imported.map(({ id }) => id)
    .sort()
  run = { project, say: () => undefined, warn: (line) => void warned.push(line) }
})

const linesOf = (text: string): string[] => text.trimEnd().split('\n')

describe('an export of a project', () => {
  it('prints one line after the other, or collects them for --json', async () => {
    const printed: string[] = []
    const print = (text: string): Promise<void> => Promise.resolve(void printed.push(text))
    const outcome = unwrap(await exportProject(run, { ids: [], format: 'slime', print }))
    expect([printed.length, outcome.text]).toEqual([ids.length, ''])
    const collected = unwrap(await exportProject(run, { ids: [], format: 'slime' }))
    expect((collected.data as { lines: unknown[] }).lines).toEqual(printed.map((line): unknown => JSON.parse(line)))
    expect(warned).toContain(`the format does not hold messages.time (${ids.length} trajectories)`)
  })

  it('writes a file of lines as a whole, and leaves the old one where it fails or is stopped', async () => {
    const out = path.join(root, 'new', 'out.jsonl')
    const { data, text } = unwrap(await exportProject(run, { ids: [], format: 'trl', out }))
    expect(data).toMatchObject({ file: out, exported: ids.length })
    expect(text).toBe(`${ids.length} trajectories  → ${out}`)
    const before = await readFile(out, 'utf8')
    expect(linesOf(before)).toHaveLength(ids.length)
    const over = { format: 'slime', out, mayReplace: anyFile }
    const absent = await exportProject(run, { ids: [ids[0]!, 'no-such'], ...over })
    const stopped = await exportProject({ ...run, signal: AbortSignal.abort() }, { ids: [], ...over })
    expect(absent).toMatchObject({ ok: false, failure: { code: 'file.absent' } })
    expect(stopped).toMatchObject({ ok: false, failure: { code: 'export.interrupted' } })
    expect(await readFile(out, 'utf8')).toBe(before)
    expect(await readdir(path.dirname(out))).toEqual(['out.jsonl'])
  })

  it('writes a folder where each trajectory is a file, and asks for one where it has none', async () => {
    const out = path.join(root, 'atif')
    const { data } = unwrap(await exportProject(run, { ids: [], format: 'atif', out }))
    expect(data).toMatchObject({ folder: out, exported: ids.length })
    expect((await readdir(out)).sort()).toEqual(ids.map((id) => `${id}.json`))
    const without = await exportProject(run, { ids: [], format: 'atif' })
    expect(without).toMatchObject({ ok: false, failure: { kind: 'input', code: 'export.needs-folder' } })
    const one = unwrap(await exportProject(run, { ids: [ids[0]!], format: 'atif' }))
    expect((one.data as { lines: unknown[] }).lines).toEqual([
      JSON.parse(await readFile(path.join(out, `${ids[0]!}.json`), 'utf8')),
    ])
  })

  it('says, where it is stopped, what writes the rest: what is whole stays', async () => {
    const out = path.join(root, 'cut')
    const stopped = async (request: Omit<ExportRequest, 'ids'>, after: number) => {
      let looked = 0
      const signal = Object.defineProperty({}, 'aborted', { get: () => looked++ >= after }) as AbortSignal
      const ended = await exportProject({ ...run, signal }, { ids: [], ...request })
      return ended.ok ? 'finished' : ended.failure.remedy
    }
    expect(await stopped({ format: 'atif', out }, 0)).toBe('run the same command again')
    const remedy = await stopped({ format: 'atif', out }, 1)
    expect(remedy).toMatch(/^run the same command again with --force: .*1 file/u)
    expect(await readdir(out)).toHaveLength(1)
    expect(await exportProject(run, { ids: [], format: 'atif', out })).toMatchObject({ ok: false })
    unwrap(await exportProject(run, { ids: [], format: 'atif', out, mayReplace: anyFile }))
    expect(await stopped({ format: 'trl', out: path.join(root, 'cut.jsonl') }, 1)).toBe('run the same command again')
  })

  it('takes the place of a file only where it is told to, and that of a folder or a device never', async () => {
    const config = path.join(root, 'limi.yaml')
    const before = await readFile(config, 'utf8')
    const place = path.join(root, 'place')
    unwrap(await exportProject(run, { ids: [], format: 'atif', out: place }))
    const refusal = async (request: Omit<ExportRequest, 'ids'>): Promise<string> => {
      const refused = await exportProject(run, { ids: [], ...request })
      return refused.ok ? 'written' : `${refused.failure.kind} ${refused.failure.code}`
    }
    expect(await refusal({ format: 'trl', out: config })).toBe('input export.occupied')
    expect(await refusal({ format: 'atif', out: config })).toBe('input disk.not-a-folder')
    expect(await refusal({ format: 'atif', out: config, mayReplace: anyFile })).toBe('input disk.not-a-folder')
    expect(await refusal({ format: 'atif', out: place })).toBe('input export.occupied')
    expect(await refusal({ format: 'trl', out: place, mayReplace: anyFile })).toBe('input export.no-file')
    expect(await refusal({ format: 'trl', out: '/dev/null', mayReplace: anyFile })).toBe('input export.no-file')
    expect(await refusal({ format: 'trl', out: path.join(config, 'x.jsonl') })).toBe('input disk.not-a-folder')
    expect(await readFile(config, 'utf8')).toBe(before)
    expect((await readdir(root)).filter((name) => name.endsWith('.tmp'))).toEqual([])
    expect(await refusal({ format: 'atif', out: place, mayReplace: anyFile })).toBe('written')
    expect(await refusal({ format: 'trl', out: path.join(place, `${ids[0]!}.json`), mayReplace: anyFile })).toBe(
      'written',
    )
  })

  it('refuses a format that is not there', async () => {
    const refused = await exportProject(run, { ids: [], format: 'chatml' })
    expect(refused).toMatchObject({ ok: false, failure: { kind: 'input', code: 'export.format' } })
  })
})
