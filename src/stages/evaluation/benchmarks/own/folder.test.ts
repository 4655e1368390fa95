import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { unwrap } from '../../../../nouns/index.js'
import { readFolder } from './folder.js'

const places: string[] = []
afterAll(() => Promise.all(places.map((place) => rm(place, { recursive: true, force: true }))))

/** A benchmark's folder with these files. */
async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const place = await mkdtemp(path.join(os.tmpdir(), 'limi own ü '))
  places.push(place)
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(place, name)), { recursive: true })
    await writeFile(path.join(place, name), text)
  }
  return place
}

const CHECK = 'checks:\n  - { kind: file, id: out, path: out.txt }\n'
const task = (more: string): string => `format: limi.task/1\n${more}`
const simple = task(`request: Write out.txt.\n${CHECK}`)

const everything = (folder: string) => readFolder(folder).then((read) => unwrap(read).tasks({ seed: 0, count: BIG }))
const BIG = { tasks: 9, tables: 9, values: 9 }

describe('a folder of tasks', () => {
  it('gives a task a file, with its files, subtasks and suite', async () => {
    const folder = await folderWith({
      'benchmark.yaml': 'name: ours\ndescription: What we do all day.\nlicence: MIT\nsuites: [values, tables]\n',
      'plain.yaml': task(`suite: tables\nfiles: { in.txt: "a\\n" }\nrequest: Copy it.\n${CHECK}`),
      'two.yml': task(
        'suite: values\nfiles: ./start/two\nsubtasks:\n  - request: First.\n    checks: [{ kind: answer, id: a, contains: one }]\n  - request: Then.\n    rubric: [{ id: clear, requirement: It is clear. }]\n    passAt: 0.6\n    judged: [out/*.md]\n',
      ),
      'start/two/deep/x.txt': 'x',
      'start/two/never-a-task.yaml': 'not: a task',
      'query.yaml':
        'format: limi.query/1\nid: asked\nrequest: Hi.\ntags: { suite: values }\nstart: {}\nsource: { kind: person }\nscoring: { kind: none, why: nobody knows }\n',
    })
    const benchmark = unwrap(await readFolder(folder))
    expect(benchmark).toMatchObject({
      name: 'ours',
      description: 'What we do all day.',
      suites: ['values', 'tables'],
      sizes: { values: 1, tables: 1 },
      leftOut: [{ id: 'asked', why: expect.stringContaining('nobody knows') as string }],
    })
    const [two, plain] = await everything(folder)
    expect(plain).toMatchObject({
      id: 'plain',
      suite: 'tables',
      query: {
        id: 'plain',
        request: 'Copy it.',
        split: 'heldout',
        licence: 'MIT',
        start: { files: { 'in.txt': 'a\n' } },
      },
    })
    expect(plain?.further).toBeUndefined()
    expect(two).toMatchObject({
      id: 'two',
      query: { id: 'two.1', start: { files: { 'deep/x.txt': 'x', 'never-a-task.yaml': 'not: a task' } } },
      further: [{ id: 'two.2', start: { files: {} }, scoring: { kind: 'judge', passAt: 0.6, files: ['out/*.md'] } }],
    })
  })

  it('never gives a query that may be taught', async () => {
    const text =
      'format: limi.query/1\nid: q\nrequest: Hi.\nsplit: train\nstart: {}\nsource: { kind: person }\nscoring: { kind: checks, checks: [{ kind: answer, id: a }] }\n'
    const [query] = await everything(await folderWith({ 'q.yaml': text }))
    expect(query?.query.split).toBe('heldout')
  })

  it('draws some of a suite by seed, and the fewer are among the more', async () => {
    const names = Array.from({ length: 9 }, (_, at) => `t${at}`)
    const folder = await folderWith(Object.fromEntries(names.map((name) => [`${name}.yaml`, simple])))
    const benchmark = unwrap(await readFolder(folder))
    const ids = (seed: number, n: number): string[] =>
      benchmark.tasks({ seed, count: { tasks: n } }).map(({ id }) => id)
    expect(ids(0, 9)).toEqual(names)
    for (const n of [1, 3, 5]) expect(ids(0, 9).filter((id) => ids(0, n).includes(id))).toEqual(ids(0, n))
    for (const id of ids(3, 3)) expect(ids(3, 5)).toContain(id)
    expect(new Set([0, 1, 2, 3, 4].map((seed) => ids(seed, 4).join())).size).toBeGreaterThan(1)
  })

  const bomb = `a: &a [${'x,'.repeat(50)}]\nb: &b [${'*a,'.repeat(50)}]\nc: [${'*b,'.repeat(50)}]\n`
  const hostile: readonly [name: string, text: string, told: string | RegExp, line?: number][] = [
    ['a syntax error', 'format: limi.task/1\nid: "q\n', /quote/, 3],
    ['no format', 'request: hi\n', 'format'],
    ['another format', 'format: limi.trial/1\n', 'format', 1],
    ['a misspelt field', task(`requst: hi\nrequest: hi\n${CHECK}`), 'requst: no such field', 2],
    [
      'a misspelt condition',
      task('request: hi\nchecks:\n  - { kind: answer, id: a,\n      contians: x }\n'),
      'contians',
      5,
    ],
    ['no request', task(CHECK), 'request'],
    ['no checks', task('request: hi\n'), 'checks'],
    [
      'no checks in a subtask',
      task(`subtasks:\n  - request: a\n    ${CHECK.replaceAll('\n', '\n    ')}\n  - request: b\n`),
      'subtasks.1',
      7,
    ],
    ['both ways', task(`request: hi\nsubtasks: [{ request: a }]\n${CHECK}`), 'subtasks', 3],
    ['no subtask', task('subtasks: []\n'), 'subtasks', 2],
    ['an id that leaves the folder', task(`id: ../x\nrequest: hi\n${CHECK}`), 'id', 2],
    ['an id with dots', task(`id: a..b\nrequest: hi\n${CHECK}`), 'id', 2],
    ['an id of every object', task(`id: __proto__\nrequest: hi\n${CHECK}`), 'id', 2],
    ['an id too long', task(`id: ${'x'.repeat(101)}\nrequest: hi\n${CHECK}`), 'id', 2],
    ['a suite of every object', task(`suite: __proto__\nrequest: hi\n${CHECK}`), 'suite', 2],
    ['a file outside', task(`request: hi\nfiles:\n  a: b\n  ../x: y\n${CHECK}`), '../x', 5],
    ['an absolute file', task(`request: hi\nfiles: { /etc/x: y }\n${CHECK}`), '/etc/x', 3],
    ['a file of every object', task(`request: hi\nfiles: { __proto__: y }\n${CHECK}`), '__proto__', 3],
    ['a folder outside', task(`request: hi\nfiles: ../\n${CHECK}`), 'not a folder inside'],
    ['the folder itself', task(`request: hi\nfiles: .\n${CHECK}`), 'not a folder inside'],
    ['deep nesting', `${task('')}data: ${'['.repeat(20_000)}`, ''],
    ['aliases that multiply', bomb, 'alias'],
    ['nothing', '', 'the file'],
    ['a list', '- a\n', 'the file'],
    [
      'a query whose files leave',
      'format: limi.query/1\nid: q\nrequest: a\nstart: { files: { ../x: y } }\nsource: { kind: person }\nscoring: { kind: none, why: x }\n',
      '../x',
    ],
    [
      'a query whose id leaves',
      'format: limi.query/1\nid: ../q\nrequest: a\nstart: {}\nsource: { kind: person }\nscoring: { kind: none, why: x }\n',
      '../q',
    ],
  ]
  it.each(hostile)('refuses %s, with its place', async (_name, text, told, line) => {
    const folder = await folderWith({ 'good.yaml': simple, 'bad.yaml': text })
    const read = await readFolder(folder)
    expect(read).toMatchObject({ ok: false, failure: { kind: 'input', code: 'benchmark.invalid' } })
    if (read.ok) return
    expect(read.failure.message).toMatch(told)
    expect(read.failure.where).toMatch(line === undefined ? /bad\.yaml/ : new RegExp(`bad\\.yaml:${line}$`))
    expect(({} as Record<string, unknown>)['y']).toBeUndefined()
  })

  it('refuses two tasks of one name, letters in any case', async () => {
    const folder = await folderWith({ 'a.yaml': task(`id: Same\nrequest: x\n${CHECK}`), 'same.yaml': simple })
    expect(await readFolder(folder)).toMatchObject({
      ok: false,
      failure: { code: 'benchmark.invalid', message: expect.stringContaining('same') as string },
    })
  })

  it('refuses links: a task, a start folder, a file in it, a part of the way', async () => {
    const outside = await folderWith({ 'secret.yaml': simple, 'secret.txt': 'secret' })
    const linked = async (place: string, target: string): Promise<unknown> => {
      const folder = await folderWith({ 't.yaml': task(`request: x\nfiles: start/in\n${CHECK}`), 'start/other': 'x' })
      await mkdir(path.dirname(path.join(folder, place)), { recursive: true })
      await symlink(target, path.join(folder, place))
      return readFolder(folder)
    }
    const refused = { ok: false, failure: { code: 'benchmark.invalid' } }
    expect(await linked('link.yaml', path.join(outside, 'secret.yaml'))).toMatchObject(refused)
    expect(await linked('start/in', outside)).toMatchObject(refused)
    expect(await linked('start/in/secret.txt', path.join(outside, 'secret.txt'))).toMatchObject(refused)
  })

  it('refuses start files that are too many bytes, and those that are no text', async () => {
    const withFiles = (text: string) =>
      folderWith({ 't.yaml': task(`request: x\nfiles: in\n${CHECK}`), 'in/a': text }).then(readFolder)
    const invalid = { ok: false, failure: { code: 'benchmark.invalid' } }
    expect(await withFiles('x'.repeat((4 << 20) + 1))).toMatchObject(invalid)
    expect(await withFiles('x'.repeat(4 << 20))).toMatchObject({ ok: true })
  })

  it('says where there is nothing to measure', async () => {
    expect(await readFolder(await folderWith({ 'readme.md': 'x' }))).toMatchObject({
      ok: false,
      failure: { code: 'benchmark.empty' },
    })
    expect(await readFolder(path.join(os.tmpdir(), 'limi-no-such-folder'))).toMatchObject({
      ok: false,
      failure: { code: 'file.absent' },
    })
  })
})
