import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { Query, unwrap } from '../../nouns/index.js'
import { repositoriesIn } from '../repositories/index.js'
import { bubblewrapSandboxes, virtualSandboxes, type Sandbox } from '../sandboxes/index.js'
import { workspacesIn, type WorkspaceMeans } from './index.js'

const probed = await bubblewrapSandboxes.probe()
const made: Sandbox[] = []
afterEach(async () => {
  for (const sandbox of made.splice(0)) await sandbox.dispose()
})

const queryFrom = (start: unknown): Query =>
  Query.parse({
    format: 'limi.query/1',
    id: 'q',
    request: 'do',
    start,
    scoring: { kind: 'none', why: 'x' },
    source: { kind: 'person' },
  })

async function openIn(start: unknown, means: WorkspaceMeans = {}): Promise<Sandbox> {
  const sandbox = unwrap(await workspacesIn(bubblewrapSandboxes, means).open(queryFrom(start)))
  made.push(sandbox)
  return sandbox
}

const said = async (sandbox: Sandbox, command: string): Promise<string> => (await sandbox.exec(command)).stdout

describe('a workspace', () => {
  test('is refused where its sandbox cannot give what the query begins with', async () => {
    const root = mkdtempSync(path.join(os.tmpdir(), 'limi-workspaces-'))
    execFileSync('git', ['init', '-q', root])
    execFileSync('git', ['-C', root, '-c', 'user.name=x', '-c', 'user.email=x', 'commit', '-qm', 'x', '--allow-empty'])
    const repositories = repositoriesIn(root, path.join(root, 'cache'), () => undefined)
    const codeOf = async (start: unknown): Promise<string> => {
      const opened = await workspacesIn(virtualSandboxes, { repositories }).open(queryFrom(start))
      return opened.ok ? 'ok' : opened.failure.code
    }
    expect(await codeOf({ setup: ['true'] })).toBe('workspace.no-set-up')
    expect(await codeOf({ image: { name: 'busybox' } })).toBe('sandbox.no-image')
    expect(await codeOf({ repository: { path: '.', commit: 'HEAD' } })).toBe('sandbox.no-base')
    expect(await codeOf({ repository: { path: '.', commit: 'nowhere' } })).toBe('repository.commit')
    expect(await codeOf({ files: { a: '1' } })).toBe('ok')
    const files = { a: 'x'.repeat(2 << 20) }
    expect(await codeOf({ files, limits: { disk: 3, memory: 1 } })).toBe('ok')
    expect(await codeOf({ files, limits: { disk: 1 } })).not.toBe('ok')
  })
})

describe.skipIf(!probed.ready)(probed.ready ? 'in bubblewrap' : `in bubblewrap: ${probed.missing.message}`, () => {
  test('begins in a repository, with the query’s own files over it, as a clean history that work goes on in', async () => {
    const root = mkdtempSync(path.join(os.tmpdir(), 'limi-workspaces-'))
    const git = (...args: string[]): string =>
      execFileSync('git', ['-C', root, '-c', 'user.name=x', '-c', 'user.email=x', ...args], { encoding: 'utf8' }).trim()
    git('init', '-q')
    for (const name of ['kept.txt', 'covered.txt']) writeFileSync(path.join(root, name), `old ${name}\n`)
    git('add', '.')
    git('commit', '-qm', 'one')
    const commit = git('rev-parse', 'HEAD')
    const repositories = repositoriesIn(root, path.join(root, 'cache'), () => undefined)
    const start = { repository: { path: '.', commit }, files: { 'covered.txt': 'new\n' } }
    const [sandbox, other] = [await openIn(start, { repositories }), await openIn(start, { repositories })]
    expect(await said(sandbox, 'cat kept.txt covered.txt; git status --porcelain; git rev-parse HEAD')).toBe(
      `old kept.txt\nnew\n M covered.txt\n${commit}\n`,
    )
    const work = 'git -c user.name=a -c user.email=a commit -qam mine && git log --oneline | wc -l'
    expect(await said(sandbox, work)).toBe('2\n')
    expect(await said(other, 'git log --oneline | wc -l')).toBe('1\n')
    expect(git('log', '--oneline', '--all').split('\n').length).toBe(1)
  })

  test('is set up first, with variables that nothing later sees', async () => {
    const setup = ['echo "$TOKEN" > said.txt', 'cd /; echo two >> /workspace/said.txt']
    const sandbox = await openIn({ setup }, { setUpEnv: { TOKEN: 'abc' } })
    expect(await said(sandbox, 'cat said.txt; echo "[$TOKEN]"; pwd')).toBe('abc\ntwo\n[]\n/workspace\n')
  })

  test('whose set-up fails or lasts too long is none, and its last words are told', async () => {
    const open = (setup: string[]) => workspacesIn(bubblewrapSandboxes, { setUpMs: 300 }).open(queryFrom({ setup }))
    expect(await open(['true', 'echo no such package >&2; exit 7', 'touch never'])).toMatchObject({
      failure: { code: 'workspace.set-up', message: expect.stringMatching(/ended with 7: no such package/) },
    })
    expect(await open(['sleep 20'])).toMatchObject({
      failure: { code: 'workspace.set-up', message: expect.stringMatching(/took more than 0.3 s/) },
    })
  })

  test('has the tools that are named first on its path, and cannot change them', async () => {
    const tools = mkdtempSync(path.join(os.tmpdir(), 'limi-tools-'))
    chmodSync(tools, 0o755)
    mkdirSync(path.join(tools, 'bin'))
    writeFileSync(path.join(tools, 'bin', 'env'), '#!/bin/sh\necho mine\n', { mode: 0o755 })
    const sandbox = await openIn({}, { tools: [tools] })
    expect(await said(sandbox, `env; touch ${tools}/bin/x || echo refused`)).toBe('mine\nrefused\n')
  })
})
