import { readFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { NO_SHARED_DATA, sharedData } from '../../../../../test/shared-data.js'
import { lostValues } from '../../../../../test/support/session-leaves.js'
import { unwrap, type Trajectory } from '../../../../nouns/index.js'
import { trajectoryStore } from '../../store/index.js'
import { importPaths, type ImportReport } from '../index.js'

interface RawPart {
  readonly type: string
  readonly partialJson?: string
}
interface RawEntry {
  readonly type: string
  readonly message?: { readonly role: string; readonly content: readonly RawPart[]; readonly stopReason?: string }
}

describe.skipIf(sharedData === null)(`a real pi session (${sharedData === null ? NO_SHARED_DATA : 'real'})`, () => {
  const file = path.join(sharedData ?? '', 'sessions', 'pi-large-session.jsonl')
  let entries: readonly RawEntry[]
  let report: ImportReport
  let trajectory: Trajectory

  beforeAll(async () => {
    const text = readFileSync(file, 'utf8').trimEnd()
    entries = text.split('\n').map((line) => JSON.parse(line) as RawEntry)
    const store = trajectoryStore(await mkdtemp(path.join(os.tmpdir(), 'limi-pi-')))
    report = unwrap(await importPaths([file], { format: 'auto', store }))
    trajectory = unwrap(await store.read(report.imported[0]!.id))
  })

  it('agrees with an independent count', () => {
    const said = entries.flatMap((entry) => entry.message ?? [])
    const empty = said.filter((one) => one.role === 'assistant' && one.content.length === 0)
    const calls = said.filter((one) => one.role === 'assistant').flatMap((one) => one.content)
    const results = said.filter((one) => one.role === 'toolResult').length
    const toolCalls = calls.filter((part) => part.type === 'toolCall').length
    expect(report.rejected).toEqual([])
    expect(report.imported).toMatchObject([
      { format: 'pi', threads: 1, outcome: 'unknown', messages: said.length - empty.length, toolCalls },
    ])
    expect({ messages: said.length, empty: empty.length, toolCalls, results }).toEqual({
      messages: 914,
      empty: 14,
      toolCalls: 391,
      results: 373,
    })
    expect(trajectory.asides.map((aside) => aside.why)).toEqual(empty.map((one) => `failed attempt, ${one.stopReason}`))
    // Calls of 3 cut messages are text alone; none of their 18 calls was run.
    expect(report.imported[0]!.oddities).toEqual({
      'arguments-not-text': toolCalls - 3,
      'unanswered-call': toolCalls - results,
      'unfinished-message': 8,
      'unparsable-arguments': 3,
    })
  })

  it('loses no leaf', () => {
    const named = ['session', 'message', 'toolResult', 'toolCall', 'thinking', 'text'].map((kind) => `"${kind}"`)
    expect(lostValues(entries, trajectory).filter((leaf) => !named.includes(leaf))).toEqual([])
  })

  it('keeps the exact text of calls that were cut', () => {
    const cut = entries.flatMap((entry) => entry.message?.content ?? []).flatMap((part) => part.partialJson ?? [])
    const kept = trajectory.threads[0]!.messages.flatMap((message) => message.toolCalls ?? []).map(
      (call) => call.arguments,
    )
    expect(cut).toHaveLength(3)
    for (const text of cut) expect(kept).toContain(text)
  })
})
