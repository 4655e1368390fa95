import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { unwrap } from '../../../nouns/index.js'
import { showEvaluation } from '../show.js'
import { importEvaluations } from './index.js'

const SAMPLES = 2

/** Bytes set, a piece taken out, the end cut off: of a real log. */
const damage = fc.record({
  bytes: fc.array(fc.record({ at: fc.double({ min: 0, max: 0.9999, noNaN: true }), byte: fc.nat(255) }), {
    maxLength: 3,
  }),
  cut: fc.option(fc.double({ min: 0.5, max: 1, noNaN: true }), { freq: 4 }),
  hole: fc.option(fc.record({ at: fc.double({ min: 0, max: 0.9999, noNaN: true }), length: fc.nat(200) }), { freq: 3 }),
})

it.each(['judged.json', 'judged.eval'])(
  'however %s is damaged, each of its samples is imported or told of',
  async (name) => {
    const whole = await readFile(path.join(import.meta.dirname, 'inspect/fixtures', name))
    const place = await mkdtemp(path.join(tmpdir(), 'limi-damage-'))
    const file = path.join(place, name)
    let run = 0
    await fc.assert(
      fc.asyncProperty(damage, async ({ bytes, cut, hole }) => {
        let damaged = Buffer.from(whole)
        for (const { at, byte } of bytes) damaged[Math.floor(at * damaged.length)] = byte
        if (hole !== null) {
          const at = Math.floor(hole.at * damaged.length)
          damaged = Buffer.concat([damaged.subarray(0, at), damaged.subarray(at + hole.length)])
        }
        if (cut !== null) damaged = damaged.subarray(0, Math.floor(cut * damaged.length))
        await writeFile(file, damaged)
        const folder = path.join(place, String((run += 1)))
        const keep = () => Promise.resolve({ ok: true as const, value: undefined })
        const { imported, rejected } = unwrap(await importEvaluations([file], { folder, format: 'inspect', keep }))
        for (const failure of rejected)
          expect(failure).toMatchObject({ kind: 'input', where: expect.any(String) as string })
        if (imported[0] === undefined) {
          expect(rejected.length).toBeGreaterThan(0)
          expect(await readdir(folder).catch(() => [])).toEqual([])
          return
        }
        const shown = unwrap(await showEvaluation(folder, imported[0].id))
        expect(shown.done + rejected.length).toBeGreaterThanOrEqual(SAMPLES)
        expect(shown).toMatchObject({ edited: false, damaged: [] })
      }),
      { numRuns: 60 },
    )
  },
  60_000,
)

it.each(['.eval', '.zip', ''])('an archive that was cut is told as such, called *%s or anything', async (extension) => {
  const whole = await readFile(path.join(import.meta.dirname, 'inspect/fixtures/judged.eval'))
  const place = await mkdtemp(path.join(tmpdir(), 'limi-cut-'))
  const file = path.join(place, `log${extension}`)
  const keep = () => Promise.resolve({ ok: true as const, value: undefined })
  for (const share of [0.1, 0.5, 0.99]) {
    await writeFile(file, whole.subarray(0, Math.floor(share * whole.length)))
    const report = unwrap(await importEvaluations([file], { folder: path.join(place, 'to'), format: 'auto', keep }))
    expect(report.imported).toEqual([])
    expect(report.rejected).toMatchObject([
      { kind: 'input', code: 'archive.invalid', message: expect.stringContaining('was cut') as string, where: file },
    ])
  }
})

it('an evaluation with a trial that a later limi wrote is told as such', async () => {
  const place = await mkdtemp(path.join(tmpdir(), 'limi-later-'))
  const options = { folder: place, keep: () => Promise.resolve({ ok: true as const, value: undefined }) }
  const log = path.join(import.meta.dirname, 'inspect/fixtures/judged.eval')
  unwrap(await importEvaluations([log], { ...options, format: 'inspect', id: 'from' }))
  const file = path.join(place, 'from/trials/1-1.json')
  await writeFile(file, (await readFile(file, 'utf8')).replace('limi.trial/2', 'limi.trial/3'))
  const report = unwrap(await importEvaluations([path.join(place, 'from')], { ...options, format: 'auto', id: 'to' }))
  expect(report.rejected).toEqual([
    {
      kind: 'input',
      code: 'trial.later',
      message: 'written by a later limi (its format is limi.trial/3)',
      where: file,
      remedy: 'install the limi that wrote it',
    },
  ])
})
