import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { EQUALS_SCRIPT, type SessionKind } from './agents/equals-script.js'
import { AGENTS } from './agents/known-agents.js'
import { importBench } from './support/import-bench.js'

const FIXTURES = path.join(import.meta.dirname, 'fixtures', 'recordings')
const kindsOf = (agent: string): SessionKind[] =>
  existsSync(path.join(FIXTURES, agent)) ? (readdirSync(path.join(FIXTURES, agent)) as SessionKind[]) : []

/** The wire logs that the real agents left, without what is their makers’ (test/fixtures/recordings/README.md). */
describe.each(AGENTS)('what $name left on the wire', (agent) => {
  const { name, compact } = agent

  it('is there of each kind of session that it is tried in', () => {
    const { askAgain, mendsCuts } = agent
    const tried = {
      broken: !mendsCuts,
      compacted: compact !== undefined,
      resumed: askAgain !== undefined,
      worked: true,
    }
    expect([...kindsOf(name)].sort()).toEqual(Object.keys(tried).filter((kind) => tried[kind as SessionKind]))
  })

  it.each(kindsOf(name))('%s: equals its script, message for message', async (kind) => {
    const bench = await importBench()
    const { read, report } = await bench.only(path.join(FIXTURES, name, kind))
    EQUALS_SCRIPT[kind](agent, read)
    expect(report.imported[0]).toMatchObject({ format: 'recording', placed: 'new' })
    expect(read.source).toMatchObject({ kind: 'recorded', agent: name })
  })
})
