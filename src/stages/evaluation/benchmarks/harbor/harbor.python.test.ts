import { execFileSync, spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Query } from '../../../../nouns/index.js'
import { grouped } from '../../metrics/index.js'
import type { LeftOut } from '../benchmark.js'
import { holdsHarborTasks, readHarbor } from './index.js'

const python = process.env['LIMI_TEST_HARBOR']
const noHarbor = python === undefined ? ': skipped, set LIMI_TEST_HARBOR to a Python >= 3.12 with harbor' : ''

/** What is given on standard input, without what importing all of it needs. */
const TERMINAL_BENCH = `
import importlib.util, json, pathlib, sys, types
found = importlib.util.find_spec("terminal_bench")
if found is None: sys.exit(3)
package = types.ModuleType("terminal_bench"); package.__path__ = list(found.submodule_search_locations); sys.modules["terminal_bench"] = package
from terminal_bench.handlers.trial_handler import TrialHandler
`
const noTerminalBench =
  noHarbor !== ''
    ? noHarbor
    : spawnSync(python ?? '', ['-c', TERMINAL_BENCH], { input: '' }).status === 0
      ? ''
      : ': skipped, LIMI_TEST_HARBOR has no terminal-bench (pip install --no-deps terminal-bench ruamel.yaml)'

const HARBOR = `
import json, pathlib, sys, warnings
warnings.simplefilter("ignore")
from harbor.models.task.task import Task
said = {}
for folder in json.load(sys.stdin):
    try:
        task = Task(folder); config = task.config
        said[folder] = dict(request=task.instruction, seconds=config.verifier.timeout_sec, env=config.verifier.env, agent=config.agent.timeout_sec,
            memory=config.environment.memory_mb, disk=config.environment.storage_mb, image=config.environment.docker_image)
    except Exception as error:
        said[folder] = None
print(json.dumps(said))
`
const OLDER = `${TERMINAL_BENCH}
import contextlib, io
said = {}
for folder in json.load(sys.stdin):
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            task = TrialHandler("x", pathlib.Path(folder)).task
        said[folder] = dict(request=task.instruction, seconds=task.max_test_timeout_sec, agent=task.max_agent_timeout_sec, verdict=task.parser_name.value)
    except Exception as error:
        said[folder] = None
print(json.dumps(said))
`

interface Peer {
  readonly request: string
  readonly seconds: number
  readonly agent?: number | null
  readonly env?: Readonly<Record<string, string>>
  readonly memory?: number | null
  readonly disk?: number | null
  readonly image?: string | null
  readonly verdict?: string
}

function ask(code: string, folders: readonly string[]): Readonly<Record<string, Peer | null>> {
  const options = { input: JSON.stringify(folders), encoding: 'utf8', maxBuffer: 1 << 30 } as const
  return JSON.parse(execFileSync(python ?? '', ['-c', code], options)) as Record<string, Peer | null>
}

/** What limi takes of a task, in the peer's words. */
function taken({ request, start, scoring, source }: Query): Peer {
  if (scoring.kind !== 'verifier' || source.kind !== 'benchmark') throw new Error('not of this kind')
  const agent = (source.parameters['agentSeconds'] as number | undefined) ?? null
  if (source.parameters['layout'] !== 'harbor')
    return { request, seconds: scoring.seconds, agent, verdict: scoring.verdict }
  const { memory = null, disk = null } = start.limits ?? {}
  const image = start.image !== undefined && 'name' in start.image ? start.image.name : null
  return { request, seconds: scoring.seconds, env: scoring.env, agent, memory, disk, image }
}

interface Taken {
  readonly queries: ReadonlyMap<string, Query>
  readonly leftOut: readonly LeftOut[]
}

/** By folder; a benchmark of which nothing is left is read task by task. */
async function readAll(folder: string): Promise<Taken> {
  const folders = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  const queries = new Map<string, Query>()
  const leftOut: LeftOut[] = []
  for (const { name } of folders) {
    const place = path.join(folder, name)
    const read = holdsHarborTasks(place) ? await readHarbor(place, folder) : null
    if (read?.ok === true)
      for (const { query } of read.value.tasks({ seed: 0, count: { tasks: 1 } })) queries.set(place, query)
    else if (read !== null) leftOut.push({ id: name, why: read.failure.message.split('\n').slice(1).join(' ').trim() })
  }
  return { queries, leftOut }
}

async function expectAgreement(folder: string): Promise<Taken> {
  const read = await readAll(folder)
  const isOlder = (query: Query): boolean =>
    query.source.kind === 'benchmark' && query.source.parameters['layout'] !== 'harbor'
  for (const [code, queries] of [
    [HARBOR, [...read.queries].filter(([, query]) => !isOlder(query))],
    ...(noTerminalBench === '' ? [[OLDER, [...read.queries].filter(([, query]) => isOlder(query))] as const] : []),
  ] as const) {
    const said = ask(
      code,
      queries.map(([place]) => place),
    )
    expect(Object.fromEntries(queries.map(([place, query]) => [place, taken(query)]))).toEqual(said)
  }
  return read
}

describe.skipIf(noHarbor !== '')(`tasks, as their own programs read them${noHarbor}`, () => {
  test('say the same in the fixtures', async () => {
    const { queries } = await expectAgreement(path.resolve('test/fixtures/harbor-tasks'))
    expect(queries.size).toBe(3)
  })
})

const tasks = process.env['LIMI_PEER_TASKS']
const noTasks = tasks === undefined ? ': skipped, set LIMI_PEER_TASKS to a folder with folders of tasks' : noHarbor

/** Folders of tasks, at whatever depth. */
function* benchmarksIn(folder: string, depth = 0): Generator<string> {
  if (holdsHarborTasks(folder)) yield folder
  else if (depth < 6)
    for (const entry of readdirSync(folder, { withFileTypes: true }))
      if (entry.isDirectory()) yield* benchmarksIn(path.join(folder, entry.name), depth + 1)
}

describe.skipIf(noTasks !== '')(`tasks of others${noTasks}`, () => {
  test('say the same, or are left out for a reason', { timeout: 600_000 }, async () => {
    for (const folder of benchmarksIn(tasks ?? '')) {
      const { queries, leftOut } = await expectAgreement(folder)
      expect(leftOut.filter(({ why }) => why === '')).toEqual([])
      const reasons = grouped(leftOut, ({ why }) =>
        why.replace(/^[^:]*: /, '').replace(/(network|containers|give \w+|Unrecognized key).*/, '$1'),
      )
      const words = [...reasons]
        .map(([why, all]) => `  ${all.length} ${why.slice(0, 110)}`)
        .sort((one, other) => parseInt(other) - parseInt(one))
      console.log(
        [
          `${path.relative(tasks ?? '', folder)}: ${queries.size} taken, ${leftOut.length} left out`,
          ...words.slice(0, 12),
        ].join('\n'),
      )
    }
  })
})
