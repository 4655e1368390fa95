import { readdirSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Query, Trajectory } from '../../src/nouns/index.js'
import { sampleFolder } from '../../src/stages/trajectories/index.js'
import { expectRefusal, limiForTests } from '../support/cli.js'
import { stateOf } from '../support/files.js'
import { writeProject, writeScript } from '../support/project.js'

const limi = limiForTests()
const root = path.join(limi.place, 'ours ü')
const pool = path.join(root, 'trajectories')
let queries: readonly Query[] = []
beforeAll(async () => {
  queries = await writeProject(root, { count: 8 })
})

interface Collected {
  readonly made: number
  readonly kept: number
  readonly failed: readonly { readonly id: string }[]
}
interface Row {
  readonly id: string
}

describe('limi collect', () => {
  it('records an agent at work, once', async () => {
    const made = await limi.json<Collected>(root, 'collect', '--agent', 'shell')
    expect([made.code, made.data.made, made.data.kept, made.data.failed]).toEqual([0, 8, 0, []])
    expect(readdirSync(pool).sort()).toEqual(queries.map((query) => `pool-${query.id}.jsonl`).sort())
    const before = stateOf(pool)
    const again = await limi.run(root, 'collect', '--agent', 'shell')
    expect([again.code, again.stdout]).toEqual([0, '0 made, 8 kept, 0 failed  → trajectories/'])
    expect(stateOf(pool)).toEqual(before)
  })

  it('works through the queries of a tag alone, under a name of their own', async () => {
    const [first] = queries
    const { family = '' } = first!.tags
    const some = await limi.json<Collected>(
      root,
      'collect',
      '--agent',
      'shell',
      '--name',
      'one',
      '--where',
      `family=${family}`,
    )
    const wanted = queries.filter((query) => query.tags['family'] === family)
    expect(some.data.made).toBe(wanted.length)
    expect(readdirSync(pool).filter((name) => name.startsWith('one-'))).toEqual(
      wanted.map((query) => `one-${query.id}.jsonl`),
    )
  })

  it('fails where nothing could be done, and says no where only some could', async () => {
    await writeScript(path.join(root, 'short.jsonl'), [{ request: queries[0]!.request, replies: [{ text: 'Done.' }] }])
    const partly = await limi.json<Collected>(
      root,
      'collect',
      '--agent',
      'shell',
      '--name',
      'part',
      '--rounds',
      '1',
      '--model',
      'script:short.jsonl',
    )
    expect([partly.code, partly.data.made, partly.data.failed.length]).toEqual([1, 1, 7])
    await writeScript(path.join(root, 'foreign.jsonl'), [{ request: 'something else', replies: [{ text: 'Done.' }] }])
    const nothing = await limi.run(
      root,
      'collect',
      '--agent',
      'shell',
      '--name',
      'none',
      '--model',
      'script:foreign.jsonl',
    )
    expectRefusal(nothing, { code: 'script.unmatched', what: /no entry for the request/, todo: /./ })
  })

  it('refuses what is not there or not allowed', async () => {
    const collect = (...more: string[]) => limi.run(root, 'collect', '--name', 'refused', ...more)
    expectRefusal(await collect('--agent', 'shel'), {
      code: 'agent.unknown',
      what: /did you mean shell/,
      where: /limi\.yaml$/,
      todo: /shell/,
    })
    expectRefusal(await collect('--agent', 'shell', '--model', 'script:none.jsonl'), {
      code: 'file.absent',
      what: /none\.jsonl/,
      where: /none\.jsonl$/,
    })
    expectRefusal(await collect('--agent', 'shell', '--model', 'expret'), {
      code: 'model.unknown',
      what: /expret/,
      todo: /./,
    })
    expectRefusal(await collect('--agent', 'shell', '--name', '../x'), { code: 'id.invalid', what: /cannot be an id/ })
  })
})

describe('limi trajectories list and show', () => {
  it('show what was recorded, for a person and as it is stored', async () => {
    const listed = await limi.json<Row[]>(root, 'trajectories', 'list')
    const ids = (listed.data as Row[]).map((row) => row.id)
    expect(ids).toContain(`pool-${queries[0]!.id}`)
    expect((await limi.run(root, 'trajectories', 'list')).stdout.split('\n')).toHaveLength(ids.length)
    const shown = await limi.json<Trajectory>(root, 'trajectories', 'show', `pool-${queries[0]!.id}`)
    expect(shown.data.outcome).toMatchObject({ status: 'success', by: 'checks' })
    expect(shown.data.threads[0]!.messages.some((message) => message.content === queries[0]!.request)).toBe(true)
    const text = await limi.run(root, 'trajectories', 'show', `pool-${queries[0]!.id}`)
    expect(text.stdout).toContain(queries[0]!.request)
    const { threads } = shown.data
    const one = await limi.json<Trajectory>(root, 'trajectories', 'show', shown.data.id, '--thread', threads[0]!.id)
    expect(one.data.threads).toEqual([threads[0]])
    expectRefusal(await limi.run(root, 'trajectories', 'show', shown.data.id, '--thread', 'none'), {
      code: 'trajectory.thread',
      what: /none/,
      where: /pool-/,
      todo: /main/,
    })
    const raw = await limi.run(root, 'trajectories', 'show', shown.data.id, '--raw')
    const stored = readFileSync(path.join(pool, `${shown.data.id}.jsonl`), 'utf8')
    const valuesOf = (text: string): unknown[] =>
      text
        .trimEnd()
        .split('\n')
        .map((line): unknown => JSON.parse(line))
    expect(valuesOf(raw.stdout)).toEqual(expect.arrayContaining(valuesOf(stored)))
    expectRefusal(await limi.run(root, 'trajectories', 'show', 'no-such'), {
      code: 'file.absent',
      what: /no-such/,
      where: /no-such\.jsonl$/,
    })
  })
})

describe('limi trajectories export and import', () => {
  it('go out as OpenAI messages and come back with the same words', async () => {
    const id = `pool-${queries[0]!.id}`
    const printed = await limi.run(root, 'trajectories', 'export', id)
    const line = JSON.parse(printed.stdout) as { messages: { role: string; content: string }[] }
    expect(line.messages.map((message) => message.content)).toContain(queries[0]!.request)
    const written = await limi.json<{ exported: number }>(root, 'trajectories', 'export', id, '--out', 'out.jsonl')
    expect([written.code, written.data.exported]).toEqual([0, 1])
    expect(JSON.parse(readFileSync(path.join(root, 'out.jsonl'), 'utf8'))).toEqual(line)
    const imported = await limi.json<{ imported: { id: string }[] }>(root, 'trajectories', 'import', 'out.jsonl')
    expect(imported.code).toBe(0)
    const back = await limi.json<Trajectory>(root, 'trajectories', 'show', imported.data.imported[0]!.id)
    expect(back.data.source.kind).toBe('imported')
    expect(back.data.threads[0]!.messages.map(({ role, content }) => ({ role, content }))).toEqual(
      line.messages.map(({ role, content }) => ({ role, content })),
    )
  })

  it('take real logs of others by their content; 1 where some are rejected, 2 where all are', async () => {
    const all = await limi.json<{ imported: { format: string }[] }>(root, 'trajectories', 'import', sampleFolder())
    expect(all.data.imported.map((one) => one.format)).toEqual(['academiclaw', 'academiclaw', 'academiclaw'])
    await writeFile(path.join(root, 'junk.txt'), 'no trajectory\n')
    const some = await limi.json<{ imported: unknown[]; rejected: { path: string }[] }>(
      root,
      'trajectories',
      'import',
      'out.jsonl',
      'junk.txt',
    )
    expect([some.code, some.data.imported.length, some.data.rejected.length]).toEqual([1, 1, 1])
    expectRefusal(await limi.run(root, 'trajectories', 'import', 'junk.txt'), {
      code: 'import.nothing',
      what: /junk\.txt/,
      todo: /--format/,
    })
    const absent = await limi.run(root, 'trajectories', 'import', 'no-such-file')
    expect(absent.code).toBe(2)
  })
})

describe('limi trajectories import, again', () => {
  it('warns of a session that went on, and removes what a killed import left', async () => {
    const session = path.join(root, 'session.jsonl')
    const line = (text: string): string => `${JSON.stringify({ messages: [{ role: 'user', content: text }] })}\n`
    await writeFile(session, line('one'))
    await limi.run(root, 'trajectories', 'import', 'session.jsonl')
    await writeFile(session, line('one') + line('two'))
    await writeFile(path.join(pool, 'x.jsonl.0-1.tmp'), 'half')
    const again = await limi.run(root, 'trajectories', 'import', 'session.jsonl')
    expect([again.code, again.stderr]).toEqual([0, expect.stringMatching(/session\.jsonl was imported before/)])
    expect(again.stderr).toMatch(/1 unfinished files/)
    expect(readdirSync(pool).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  it('with --json names every file that was rejected where nothing was imported', async () => {
    const none = await limi.json<{ rejected: object[]; error: { code: string } }>(
      root,
      'trajectories',
      'import',
      'junk.txt',
    )
    expect([none.code, none.data.error.code]).toEqual([2, 'import.nothing'])
    expect(none.data.rejected).toMatchObject([{ error: expect.stringMatching(/unknown-format/) as string }])
  })
})

describe('limi trajectories check', () => {
  interface Checked {
    readonly cards: readonly { readonly id: string; readonly failed: readonly string[] }[]
  }
  const check = (...more: string[]) => limi.json<Checked>(root, 'trajectories', 'check', ...more)

  it('prints a card, and says no where a named requirement is not there', async () => {
    const id = `pool-${queries[0]!.id}`
    const card = await limi.run(root, 'trajectories', 'check', id)
    expect([card.code, card.stdout]).toEqual([0, expect.stringMatching(/\+ {2}outcome +success/)])
    expect(card.stdout).toMatch(/- {2}licence +not named/)
    expect((await check(id, '--require', 'outcome', 'final-answer')).code).toBe(0)
    const failing = await check(id, '--require', 'outcome', 'licence')
    expect([failing.code, failing.data.cards]).toEqual([1, [expect.objectContaining({ id, failed: ['licence'] })]])
  })

  it('sees a licence that an import named', async () => {
    const imported = await limi.json<{ imported: { id: string }[] }>(
      root,
      'trajectories',
      'import',
      sampleFolder(),
      '--licence',
      'Apache-2.0',
    )
    const ids = imported.data.imported.map((one) => one.id)
    expect((await check(...ids, '--require', 'licence')).code).toBe(0)
  })

  it('refuses a requirement that it does not know, by name', async () => {
    expectRefusal(await limi.run(root, 'trajectories', 'check', '--require', 'beauty'), {
      code: 'check.requirement',
      what: /beauty/,
      todo: /final-answer/,
    })
  })
})

describe('limi trajectories formats', () => {
  it('names what import reads and export writes', async () => {
    const formats = await limi.json<{ import: string[]; export: string[] }>(root, 'trajectories', 'formats')
    expect(formats.data.import).toContain('academiclaw')
    expect(formats.data.export).toContain('openai-messages')
    expectRefusal(await limi.run(root, 'trajectories', 'import', 'out.jsonl', '--format', 'wizard'), {
      code: 'import.format',
      what: /wizard/,
      todo: /academiclaw/,
    })
  })
})
