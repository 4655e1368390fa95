import { mkdtemp, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { trajectory as arbitrary } from '../../../../../test/arbitrary-trajectory.js'
import { sharedData } from '../../../../../test/shared-data.js'
import { unwrap, type Part, type Trajectory } from '../../../../nouns/index.js'
import { AtifDocument, LIMI, trajectoryFromAtif } from '../../import/atif/index.js'
import type { TrajectoryDraft } from '../../import/importer.js'
import { importPaths } from '../../import/index.js'
import { omit } from '../../import/omit.js'
import { sampleFolder } from '../../sample/index.js'
import { trajectoryStore, type StoredTrajectory } from '../../store/index.js'
import { atifExport } from './index.js'

const readBack = (text: string): TrajectoryDraft => {
  const document = AtifDocument.parse(JSON.parse(text))
  expect(document.schema_version).toBe('ATIF-v1.8')
  return trajectoryFromAtif({ document: JSON.parse(text) as AtifDocument, files: new Map() }, 0, []).draft
}

/** All that an import can give back: what it makes by itself (id, digest of the file, completeness) is left out. */
function comparable(trajectory: Trajectory | TrajectoryDraft): unknown {
  const rest = omit(trajectory as StoredTrajectory, 'id', 'format', 'complete', 'unrecognised')
  const source = omit(rest.source, 'kind')
  return JSON.parse(JSON.stringify({ ...rest, source })) as unknown
}

/** As the shared generator has it, and with compactions that follow their parent's last message. */
const withCompactions = arbitrary.map((trajectory) => ({
  ...trajectory,
  threads: trajectory.threads.map((thread, at) => {
    const before = trajectory.threads[at - 1]
    const last = before?.messages.at(-1)
    if (before === undefined || last === undefined || at % 3 === 2) return thread
    const parent = { thread: before.id, message: last.id, relation: at % 2 === 1 ? 'compaction' : 'subagent' } as const
    return { ...thread, parent }
  }),
}))

describe('export to ATIF', () => {
  it.each([
    ['whatever the trajectory holds', arbitrary],
    ['with compactions and sub-agents that are tied in', withCompactions],
  ])('comes back whole through an import, %s', (_, any) => {
    fc.assert(
      fc.property(any, (trajectory) => {
        expect(comparable(readBack(atifExport.write(trajectory)))).toEqual(comparable(trajectory))
      }),
      { numRuns: 60 },
    )
  })
})

/** What a program sees that knows ATIF and not limi. */
const withoutLimi = (text: string): string =>
  JSON.stringify(JSON.parse(text, (key, value: unknown) => (key === LIMI ? undefined : value)))

/** ATIF ties a result to a call of its own step; one that answers no such call is a result of the environment. */
function seen({ threads }: Pick<TrajectoryDraft, 'threads'>): unknown {
  let calls: readonly string[] = []
  const messages = threads.find(({ parent }) => parent === undefined)?.messages ?? []
  const told = messages.map(({ role, content, reasoning, toolCalls, toolCallId, call }) => {
    if (role === 'assistant') calls = toolCalls?.map(({ id }) => id) ?? []
    const isTied = toolCallId !== undefined && calls.includes(toolCallId)
    return {
      role,
      content: typeof content === 'string' ? content : content.map(textOf),
      reasoning: reasoning?.text,
      toolCalls: toolCalls?.map((one) => [one.id, one.name, valueOf(one.arguments)]),
      toolCallId: isTied ? toolCallId : undefined,
      usage: call?.usage,
    }
  })
  return JSON.parse(JSON.stringify(told)) as unknown
}

const textOf = ({ type, text }: Part): unknown => (type === 'text' ? text : `[${type}]`)

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}

describe('real runs, exported to ATIF', { timeout: 120_000 }, () => {
  const places = sharedData === null ? [] : ['tau2', 'sessions'].map((name) => path.join(sharedData ?? '', name))
  let trajectories: StoredTrajectory[]
  let back: (trajectory: Trajectory) => Promise<Trajectory>

  beforeAll(async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'limi-atif-'))
    const store = trajectoryStore(path.join(folder, 'trajectories'))
    const report = unwrap(await importPaths([sampleFolder(), ...places], { format: 'auto', store }))
    // Each format's first, and every fifth of the others: all of them take a minute.
    const first = new Set(report.imported.map(({ format }) => report.imported.find((one) => one.format === format)))
    const chosen = report.imported.filter((one, at) => first.has(one) || at % 5 === 0)
    trajectories = await Promise.all(chosen.map(async ({ id }) => unwrap(await store.read(id))))
    back = async (trajectory) => {
      const file = path.join(folder, 'trajectory.json')
      await writeFile(file, atifExport.write(trajectory))
      const { imported, rejected } = unwrap(await importPaths([file], { format: 'auto', store }))
      expect(rejected).toEqual([])
      return unwrap(await store.read(imported[0]!.id))
    }
  })

  it('come back whole through the store', async () => {
    const own = (one: Trajectory): unknown => {
      const extra = omit(one.extra ?? {}, 'missing', 'oddities')
      const source = { ...one.source, files: undefined, importFormat: undefined }
      return comparable({ ...one, source, extra })
    }
    for (const one of trajectories) expect(own(await back(one)), one.id).toEqual(own(one))
  })

  it('say the same of the main line to a program that does not know limi', () => {
    for (const one of trajectories) {
      expect(seen(readBack(withoutLimi(atifExport.write(one)))), one.id).toEqual(seen(one))
    }
  })
})
