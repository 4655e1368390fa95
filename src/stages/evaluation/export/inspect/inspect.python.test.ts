import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { execa } from 'execa'
import { describe, expect, it } from 'vitest'
import { done, unwrap, type Trajectory } from '../../../../nouns/index.js'
import { importEvaluations } from '../../import/index.js'
import { exportSource, writeInspectLog } from '../index.js'

const python = process.env['LIMI_TEST_INSPECT'] ?? ''
const reason = python === '' ? ' (skipped: LIMI_TEST_INSPECT names no Python with inspect_ai 0.3.285)' : ''

const READ = `
import json, sys
from inspect_ai.log import read_eval_log, read_eval_log_samples, read_eval_log_sample_summaries
path = sys.argv[1]
header = read_eval_log(path, header_only=True)
log = read_eval_log(path)
print(json.dumps({
  "header": {s.name: s.metrics["mean"].value for s in header.results.scores},
  "status": header.status,
  "samples": [[s.id, s.epoch, (s.scores or {}).get("SR") and s.scores["SR"].value, s.error and s.error.message, [m.role for m in s.messages]] for s in log.samples],
  "streamed": len(list(read_eval_log_samples(path, all_samples_required=False))),
  "summaries": len(read_eval_log_sample_summaries(path)),
}))
`

async function exported(as: 'eval' | 'json') {
  const folder = await mkdtemp(path.join(tmpdir(), 'limi-inspect-'))
  const kept = new Map<string, Trajectory>()
  const log = path.join(import.meta.dirname, '../../import/inspect/fixtures/sums.eval')
  const keep = (_: string, trajectory: Trajectory) => Promise.resolve(done(kept.set(trajectory.id, trajectory)))
  unwrap(await importEvaluations([log], { folder, format: 'auto', id: 'sums', keep }))
  const source = unwrap(await exportSource(folder, 'sums'))
  const where = path.join(folder, `out.${as}`)
  const pieces: Buffer[] = []
  const write = (bytes: string | Uint8Array) => Promise.resolve(done(void pieces.push(Buffer.from(bytes))))
  const conversationOf = ({ trajectory }: { trajectory: string | null }) => {
    const messages = kept.get(trajectory ?? '')?.threads[0]?.messages
    return Promise.resolve(done(messages === undefined ? null : { messages, leftOut: [] }))
  }
  unwrap(await writeInspectLog({ source, as, write, where, conversationOf }))
  await writeFile(where, Buffer.concat(pieces))
  return { where, source }
}

interface Read {
  readonly header: Readonly<Record<string, number>>
  readonly status: string
  readonly samples: readonly [string, number, number | null, string | null, string[]][]
  readonly streamed: number
  readonly summaries: number
}

describe.skipIf(python === '')(`Inspect's own reader${reason}`, () => {
  it.each(['eval', 'json'] as const)(
    'opens an export as .%s: header, samples, summaries',
    async (as) => {
      const { where, source } = await exported(as)
      const { stdout } = await execa(python, ['-c', READ, where])
      const read = JSON.parse(stdout) as Read
      expect(read).toMatchObject({ status: 'success', streamed: 9, summaries: 9 })
      expect(read.header['SR']).toBe(source.metrics.SR.value)
      expect(read.header['FTFC']).toBe(source.metrics.FTFC.value)
      const first = read.samples.find(([id, epoch]) => id === '7' && epoch === 1)
      expect(first?.slice(2)).toEqual([0, null, ['system', 'user', 'assistant', 'tool', 'assistant']])
      const faulted = read.samples.find(([id, epoch]) => id === '7' && epoch === 2)
      expect(faulted?.slice(2, 4)).toEqual([null, 'not measured: infrastructure'])
    },
    60_000,
  )
})
