import { execFileSync } from 'node:child_process'
import { mkdtemp, mkdir, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterEach, expect, test, vi } from 'vitest'
import { Query, unwrap } from '../../../nouns/index.js'
import { virtualSandboxes } from '../../../shared/sandboxes/index.js'
import { prepareWorkspace, readWorkspace, sandboxAfter } from './workspace.js'

afterEach(() => vi.unstubAllEnvs())

const fresh = () => mkdtemp(path.join(os.tmpdir(), 'limi ü-'))
const queryFrom = (start: unknown): Query =>
  Query.parse({
    format: 'limi.query/1',
    id: 'q',
    request: 'do',
    start,
    scoring: { kind: 'none', why: 'x' },
    source: { kind: 'person' },
  })

test('a workspace begins with the query’s files, and only in an empty folder', async () => {
  const folder = path.join(await fresh(), 'work')
  const query = queryFrom({ files: { 'a/b.txt': 'hi', c: 'there' } })
  unwrap(await prepareWorkspace(folder, query, '/'))
  expect(await readFile(path.join(folder, 'a', 'b.txt'), 'utf8')).toBe('hi')
  expect(await prepareWorkspace(folder, query, '/')).toMatchObject({ ok: false, failure: { code: 'record.workspace' } })
  const sly = queryFrom({ files: { '../out': 'x' } })
  expect(await prepareWorkspace(await fresh(), sly, '/')).toMatchObject({ failure: { where: '../out' } })
})

test('a workspace begins at the commit of a repository, and nobody’s configuration runs anything', async () => {
  const root = await fresh()
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', path.join(root, 'repo'), '-c', 'user.name=x', '-c', 'user.email=x', ...args], {
      encoding: 'utf8',
    }).trim()
  await mkdir(path.join(root, 'repo'))
  git('init', '-q')
  await writeFile(path.join(root, 'repo', 'f'), 'old')
  await writeFile(path.join(root, 'repo', '.gitattributes'), 'f filter=evil')
  git('add', '.')
  git('commit', '-qm', 'one')
  const commit = git('rev-parse', 'HEAD')
  await writeFile(path.join(root, 'repo', 'f'), 'new')
  git('commit', '-qam', 'two')
  const settings = path.join(root, 'settings')
  await writeFile(settings, `[filter "evil"]\n\tsmudge = touch '${path.join(root, 'ran')}'; cat\n`)
  vi.stubEnv('GIT_CONFIG_GLOBAL', settings)

  const folder = path.join(root, 'work')
  unwrap(await prepareWorkspace(folder, queryFrom({ repository: { path: 'repo', commit } }), root))
  expect(await readFile(path.join(folder, 'f'), 'utf8')).toBe('old')
  expect(await readdir(root)).not.toContain('ran')
  const nowhere = queryFrom({ repository: { path: 'repo', commit: 'f'.repeat(40) } })
  expect(await prepareWorkspace(path.join(root, 'w2'), nowhere, root)).toMatchObject({
    failure: { code: 'repository.commit' },
  })
})

test('a repository’s links lead no file of the query out of its workspace', async () => {
  const root = await fresh()
  const repo = path.join(root, 'repo')
  await mkdir(repo)
  await mkdir(path.join(root, 'out'))
  await symlink('../out', path.join(repo, 'l'))
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', repo, '-c', 'user.name=x', '-c', 'user.email=x', ...args], { encoding: 'utf8' }).trim()
  git('init', '-q')
  git('add', '.')
  git('commit', '-qm', 'one')
  const repository = { path: 'repo', commit: git('rev-parse', 'HEAD') }
  const query = queryFrom({ repository, files: { 'l/x': 'E' } })
  expect(await prepareWorkspace(path.join(root, 'work'), query, root)).toMatchObject({ failure: { where: 'l/x' } })
  expect(await readdir(path.join(root, 'out'))).toEqual([])
  const sly = queryFrom({ repository: { path: 'repo', commit: '--orphan=x' } })
  expect(await prepareWorkspace(path.join(root, 'w2'), sly, root)).toMatchObject({
    failure: { code: 'repository.commit', where: '--orphan=x' },
  })
})

test('a sandbox after the work holds what the folder holds, and tells what changed', async () => {
  const names = fc.uniqueArray(fc.stringMatching(/^[a-z ']{1,6}$/), { maxLength: 6 })
  const content = fc.uint8Array({ maxLength: 20 })
  const tree = names.chain((list) =>
    fc.tuple(...list.map((name) => fc.tuple(fc.constant<string>(`d/${name}`), content))),
  )
  await fc.assert(
    fc.asyncProperty(tree, tree, async (a, b) => {
      const [before, after] = [new Map(a), new Map(b)]
      const { sandbox, changes } = unwrap(await sandboxAfter(virtualSandboxes, before, after))
      expect([...(await sandbox.files())].sort()).toEqual([...after.keys()].sort())
      for (const [name, bytes] of after) expect(await sandbox.read(name)).toEqual(bytes)
      const told = Object.keys(await changes()).sort()
      const same = (name: string) => Buffer.from(before.get(name) ?? []).equals(Buffer.from(after.get(name) ?? []))
      const all = [...new Set([...before.keys(), ...after.keys()])]
      expect(told).toEqual(all.filter((name) => !before.has(name) || !after.has(name) || !same(name)).sort())
    }),
    { numRuns: 40 },
  )
})

test('links, repositories and packages are passed over, and said', async () => {
  const folder = await fresh()
  await mkdir(path.join(folder, 'node_modules'))
  await mkdir(path.join(folder, 'src'))
  await writeFile(path.join(folder, 'src', 'x'), 'x')
  await symlink('/etc/passwd', path.join(folder, 'src', 'link'))
  const { files, passedOver } = unwrap(await readWorkspace(folder))
  expect([...files.keys()]).toEqual(['src/x'])
  expect([...passedOver].sort()).toEqual(['node_modules', 'src/link'])
  await rm(folder, { recursive: true })
  expect(await readWorkspace(folder)).toMatchObject({ ok: false, failure: { code: 'file.absent' } })
})
