import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { importBench, type ImportBench } from '../../../../../test/support/import-bench.js'
import type { TrajectoryHeader } from '../../../../nouns/index.js'
import type { ImportReport } from '../index.js'

const time = '2026-01-02T03:04:05.000Z'
const ID = 'rec-20260102-030405-9f3c'
const HEADER = {
  ...{ type: 'header', format: 'limi.trajectory/1', id: ID, created: time, tags: { family: 'greeting' } },
  ...{ query: { id: 'greet', digest: 'd' }, source: { kind: 'recorded', agent: 'other', model: 'unknown' } },
} as const satisfies TrajectoryHeader
const META = { agent: 'other', routes: { openai: 'https://api.example.com/v1' }, header: HEADER }
const round = { round: 1, score: 1, max: 1, passed: true }
const END = {
  rounds: [round],
  roundStarts: [time],
  outcome: { status: 'success', by: 'checks' },
  note: 'neat',
  whole: true,
}

const call = (id: string, asked: readonly object[], said: string, end: readonly object[] = ended(id)): object[] => [
  { type: 'request', call: id, time, route: 'openai', method: 'POST', url: '/chat/completions', headers: [] },
  { type: 'request-body', call: id, ms: 0, body: [JSON.stringify({ model: 'm', stream: true, messages: asked })] },
  { type: 'response', call: id, ms: 1, status: 200, headers: [] },
  { type: 'chunks', call: id, chunks: [[2, delta({ content: said })]] },
  ...end,
]
const delta = (said: object, finish: string | null = null): string =>
  `data: ${JSON.stringify({ id: 'x', model: 'm', choices: [{ index: 0, delta: said, finish_reason: finish }] })}\n\n`
const ended = (id: string): object[] => [
  { type: 'chunks', call: id, chunks: [[3, `${delta({}, 'stop')}data: [DONE]\n\n`]] },
  { type: 'end', call: id, ms: 4, how: 'complete' },
]
const user = (content: string) => ({ role: 'user', content })
const FIRST = call('c1', [user('Hello?')], 'Hi.')
const again = [user('Hello?'), { role: 'assistant', content: 'Hi.' }, user('And you?')]

let bench: ImportBench
let run = ''
beforeEach(async () => {
  bench = await importBench()
  run = path.join(bench.folder, 'recordings', ID)
})

async function recording(lines: readonly object[], more: Record<string, unknown> = { 'meta.json': META }) {
  await bench.put(path.join('recordings', ID, 'wire.jsonl'), lines)
  for (const [name, value] of Object.entries(more)) await bench.put(path.join('recordings', ID, name), value)
}
const whole = { 'meta.json': META, 'manifest.json': { end: END } }
const placed = ({ imported, rejected }: ImportReport) => [
  ...imported.map((one) => [one.id, one.placed, one.complete]),
  ...rejected.map(({ error }) => error),
]
const contents = async (id = ID) => (await bench.read(id)).threads.flatMap((one) => one.messages.map((m) => m.content))

describe('a recording', () => {
  it('that is whole has all that limi record wrote of it: header, rounds, outcome and note too', async () => {
    await recording([...FIRST, ...call('c2', again, 'Fine.')], whole)
    expect(placed(await bench.run(run))).toEqual([[ID, 'new', true]])
    const { threads, ...read } = await bench.read(ID)
    expect(read).toMatchObject({
      ...{
        id: ID,
        created: time,
        tags: { family: 'greeting' },
        query: { id: 'greet' },
        rounds: [round],
        complete: true,
      },
      ...{ outcome: END.outcome, source: { kind: 'recorded', agent: 'other', model: 'm', importFormat: 'recording' } },
      extra: { note: 'neat' },
    })
    expect(threads[0]?.messages.map(({ role, content, round: at }) => [role, content, at])).toEqual([
      ['user', 'Hello?', 1],
      ['assistant', 'Hi.', 1],
      ['user', 'And you?', 1],
      ['assistant', 'Fine.', 1],
    ])
  })

  it('that died is told up to its last complete event, and marked', async () => {
    const torn = '{"type":"chunks","call":"c2","chunks":[[5,"data: {'
    const lines = [...FIRST, ...call('c2', again, 'Fi', [])].map((line) => JSON.stringify(line))
    await recording([])
    await writeFile(path.join(run, 'wire.jsonl'), `${lines.join('\n')}\n${torn}`)
    const report = await bench.run(run)
    expect(placed(report)).toEqual([[ID, 'new', false]])
    expect(report.imported[0]?.oddities).toMatchObject({ 'open-call': 1 })
    const read = await bench.read(ID)
    expect(read).toMatchObject({ complete: false, outcome: { status: 'unknown' } })
    const said = [...read.threads, ...read.asides].flatMap(({ messages }) => messages.map(({ content }) => content))
    expect(said).toEqual(['Hello?', 'Hi.', 'And you?', 'Fi'])
  })

  it('takes the place of what its recorder could write before it died, which is kept', async () => {
    await recording(FIRST)
    await bench.run(run)
    const before = await readFile(path.join(bench.store.folder, `${ID}.jsonl`), 'utf8')
    await recording([...FIRST, ...call('c2', again, 'Fine.')])
    expect(placed(await bench.run(run))).toEqual([[ID, 'replaced', false]])
    expect(await contents()).toContain('Fine.')
    const replaced = path.join(bench.store.folder, 'replaced')
    const [kept = ''] = await readdir(replaced)
    expect(kept).toMatch(new RegExp(`^${ID}-[0-9a-f]{8}\\.jsonl$`))
    expect(await readFile(path.join(replaced, kept), 'utf8')).toBe(before)
    expect(placed(await bench.run(run))).toEqual([[ID, 'kept', false]])
  })

  it('leaves a trajectory alone that is whole, or holds more', async () => {
    await recording([...FIRST, ...call('c2', again, 'Fine.')], whole)
    await bench.run(run)
    const before = await readFile(path.join(bench.store.folder, `${ID}.jsonl`), 'utf8')
    await recording(FIRST, whole)
    expect(placed(await bench.run(run))).toMatchObject([[ID, 'kept', true]])
    expect(await readFile(path.join(bench.store.folder, `${ID}.jsonl`), 'utf8')).toBe(before)
  })

  it('never takes the place of another trajectory, nor one outside of the project', async () => {
    for (const id of [ID, '../../outside']) {
      const other = { ...HEADER, created: '2020-01-01T00:00:00.000Z' }
      const file = (await bench.store.replace(other)) as { value: { commit(): Promise<unknown> } }
      await file.value.commit()
      await recording(FIRST, { 'meta.json': { ...META, header: { ...HEADER, id } } })
      const report = await bench.run(run)
      expect(placed(report)).toEqual([[expect.stringMatching(/^recording-[0-9a-f]{16}-0$/), expect.anything(), false]])
      expect((await bench.read(ID)).created).toBe('2020-01-01T00:00:00.000Z')
    }
  })

  it('is not read while it is recorded', async () => {
    const owner = { pid: process.pid, host: os.hostname(), command: 'limi record', since: new Date().toISOString() }
    await recording(FIRST, { 'meta.json': META, lock: JSON.stringify(owner) })
    expect(placed(await bench.run(run))).toEqual([expect.stringContaining('import.recording')])
  })

  it('is one file of its folder: what lies beside is a part of it, and a workspace is none of it', async () => {
    await recording(FIRST, whole)
    await mkdir(path.join(run, 'workspace'))
    await writeFile(path.join(run, 'workspace', 'chat.jsonl'), JSON.stringify({ messages: [user('x')] }))
    await bench.put(path.join('recordings', 'replaced', 'old', 'wire.jsonl'), FIRST)
    const report = await bench.run(path.dirname(run))
    expect(placed(report)).toEqual([[ID, 'new', true]])
    expect(report.passedOver.map(({ path: file }) => path.relative(run, file)).sort()).toEqual([
      path.join('..', 'replaced', 'old', 'wire.jsonl'),
      'manifest.json',
      'meta.json',
      path.join('workspace', 'chat.jsonl'),
    ])
  })

  it('without what was known of it is told by its log alone; what is spoilt is named', async () => {
    await recording(FIRST, {})
    expect(placed(await bench.run(run))).toEqual([[ID, 'new', false]])
    await recording(FIRST, { 'meta.json': { agent: 7 } })
    expect(placed(await bench.run(run))).toEqual([expect.stringMatching(/agent.*import\.invalid.*meta\.json/)])
  })

  it('whose log lost a piece has the calls that are whole, and counts the other', async () => {
    const spoilt = call('c2', again, 'Fine.').map((line, at) => (at === 1 ? { ...line, body: [[1, 2]] } : line))
    await recording([...FIRST, ...spoilt], whole)
    const report = await bench.run(run)
    expect(report.imported[0]).toMatchObject({ complete: false, oddities: { 'unread-call': 1 } })
    expect(await contents()).toEqual(['Hello?', 'Hi.'])
    await recording([...FIRST, ...call('c2', again, 'Fine.').map((line) => ({ ...line, time: 'noon' }))], whole)
    expect((await bench.run(run)).imported[0]?.oddities).toMatchObject({ 'unread-call': 1 })
    expect(JSON.stringify((await bench.read(ID)).extra)).toContain('call c2 is in the log, not in the trajectory')
  })
})
