import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Sample } from '../../src/nouns/index.js'
import { expectRefusal, limiForTests } from '../support/cli.js'
import { writeDatasetProject } from '../support/dataset.js'
import { TINY_MODEL, tinyTrajectories } from '../support/tiny-dataset.js'

const limi = limiForTests()
const root = path.join(limi.place, 'project')
const linesOf = <T>(file: string): T[] =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as T)

let samples: readonly Sample[]
beforeAll(async () => {
  const { dataset } = await writeDatasetProject(root, tinyTrajectories(), TINY_MODEL)
  samples = linesOf<Sample>(path.join(dataset, 'samples.jsonl'))
})

interface Exported {
  readonly format: string
  readonly path: string
  readonly samples: number
  readonly tokens: number
  readonly trainedTokens: number
  readonly differences: Record<string, unknown>
  readonly warnings: readonly string[]
}

describe('limi dataset export', () => {
  it('writes by the name of the dataset where no place is named, and says on stderr what the engine must be told', async () => {
    const ended = await limi.run(root, 'dataset', 'export', 'chosen', '--format', 'trl')
    expect(ended.code).toBe(0)
    expect(ended.stdout).toMatch(/^5 samples, \d+ tokens, \d+ train {2}→ .*chosen\.trl\.jsonl$/u)
    expect(ended.stderr).toContain('set max_length: null')
    const written = path.join(root, 'chosen.trl.jsonl')
    expect(linesOf(written)).toEqual(samples.map(({ input_ids, labels }) => ({ input_ids, labels })))
    expect(existsSync(`${written}.about.yaml`)).toBe(true)
  })

  it('tells with --json what was written, and what would train otherwise', async () => {
    const out = path.join(limi.place, 'for llama')
    const { code, data } = await limi.json<Exported>(
      root,
      ...['dataset', 'export', 'chosen', '--format', 'llamafactory', '--out', out],
    )
    expect(code).toBe(0)
    const labels = samples.flatMap((sample) => sample.labels)
    expect(data).toMatchObject({
      ...{ format: 'llamafactory', path: out, samples: 5, tokens: labels.length },
      trainedTokens: labels.filter((label) => label !== -100).length,
      differences: { 'context-trains': { samples: 1, messages: 1 }, 'stop-trains': { samples: 1, messages: 1 } },
    })
    expect(data.warnings.join('\n')).toMatch(/cutoff_len/)
  })

  it('refuses what it cannot write, or read back, with a remedy', async () => {
    expectRefusal(await limi.run(root, 'dataset', 'export', 'chosen', '--format', 'chatml'), {
      code: 'export.format',
      what: /chatml/,
    })
    expectRefusal(await limi.run(root, 'dataset', 'export', 'chosen', '--format', 'parquet', '--read-back'), {
      code: 'read-back.none',
      what: /parquet/,
    })
    const setting = ['--engine-setting', 'template=qwen3']
    expectRefusal(await limi.run(root, 'dataset', 'export', 'chosen', '--format', 'llamafactory', ...setting), {
      code: 'usage',
      what: /--read-back/,
    })
    expectRefusal(await limi.run(root, 'dataset', 'export', 'chosen', '--format', 'trl', '--out', 'limi.yaml'), {
      code: 'export.occupied',
      what: /limi\.yaml/,
    })
    expectRefusal(await limi.run(root, 'dataset', 'export', 'absent', '--format', 'trl'), {
      code: 'dataset.absent',
      what: /absent/,
    })
  })
})
