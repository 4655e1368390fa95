import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { unwrap } from '../../nouns/index.js'
import { repositoriesIn } from './index.js'

let root = ''
let lines: string[] = []
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'limi repositories ü-'))
  lines = []
})

const gitIn = (folder: string, ...args: string[]): string =>
  execFileSync('git', ['-C', folder, '-c', 'user.name=x', '-c', 'user.email=x@x', ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim()

const open = () => repositoriesIn(root, path.join(root, 'cache'), (line) => lines.push(line))

/** Three commits: what was before, the base, and the solution on a branch and under a tag. */
function history(): { readonly before: string; readonly base: string; readonly solution: string } {
  const repo = path.join(root, 'repo')
  mkdirSync(repo)
  gitIn(repo, 'init', '-q', '-b', 'trunk')
  const commit = (text: string): string => {
    writeFileSync(path.join(repo, 'f.txt'), text)
    gitIn(repo, 'add', '.')
    gitIn(repo, 'commit', '-qm', text)
    return gitIn(repo, 'rev-parse', 'HEAD')
  }
  const [before, base, solution] = [commit('before'), commit('base'), commit('solution')]
  gitIn(repo, 'tag', '-am', 'solved', 'v2')
  gitIn(repo, 'config', 'remote.origin.url', 'ssh://somebody@somewhere/secret')
  return { before, base, solution }
}

const filesUnder = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(path.join(folder, name)).isFile(),
  )

describe('a repository at a commit', () => {
  test('has that commit’s files and history, and nothing that came later', async () => {
    const { before, base, solution } = history()
    const folder = unwrap(await open().folderOf({ path: 'repo', commit: base }))
    expect(readFileSync(path.join(folder, 'f.txt'), 'utf8')).toBe('base')
    expect(gitIn(folder, 'log', '--all', '--format=%H')).toBe(`${base}\n${before}`)
    expect(gitIn(folder, 'status', '--porcelain')).toBe('')
    expect(gitIn(folder, 'branch', '--show-current')).toBe('main')
    expect(() => gitIn(folder, 'cat-file', '-e', solution)).toThrow()
    expect(gitIn(folder, 'fsck', '--full', '--unreachable')).toBe('')
    const git = path.join(folder, '.git')
    for (const name of filesUnder(git))
      expect(readFileSync(path.join(git, name), 'latin1')).not.toMatch(/repo\b|somewhere/)
  })

  test('is checked out once, whatever name the commit is asked for by', async () => {
    const { base, solution } = history()
    gitIn(path.join(root, 'repo'), 'tag', 'v1', base)
    const repositories = open()
    const asked = ['v1', base, base.slice(0, 9), 'trunk~1'].map((commit) =>
      repositories.folderOf({ path: 'repo', commit }),
    )
    const folders = (await Promise.all(asked)).map(unwrap)
    expect(new Set(folders).size).toBe(1)
    expect(unwrap(await open().folderOf({ path: 'repo', commit: base }))).toBe(folders[0])
    expect(unwrap(await repositories.folderOf({ path: 'repo', commit: 'v2' }))).not.toBe(folders[0])
    expect(gitIn(unwrap(await repositories.folderOf({ path: 'repo', commit: 'v2' })), 'rev-parse', 'HEAD')).toBe(
      solution,
    )
    expect(readdirSync(path.join(root, 'cache')).length).toBe(2)
  })

  test('that is not there fails, leaves nothing, and can be asked for again', async () => {
    const { base } = history()
    const repositories = open()
    for (const commit of ['f'.repeat(40), 'nowhere', '--orphan=x', ''])
      expect(await repositories.folderOf({ path: 'repo', commit })).toMatchObject({
        failure: { code: 'repository.commit' },
      })
    expect(await repositories.folderOf({ path: 'none', commit: base })).toMatchObject({
      failure: { code: 'repository.commit', where: path.join(root, 'none') },
    })
    expect(readdirSync(root)).toEqual(['repo'])
    expect(await repositories.folderOf({ path: 'repo', commit: base })).toMatchObject({ ok: true })
  })

  test('tells what of it is not there', async () => {
    history()
    const repo = path.join(root, 'repo')
    writeFileSync(path.join(repo, '.gitmodules'), '[submodule "x"]\n\tpath = x\n\turl = ./x\n')
    writeFileSync(path.join(repo, '.gitattributes'), '*.bin filter=lfs diff=lfs merge=lfs -text\n')
    gitIn(repo, 'add', '.')
    gitIn(repo, 'commit', '-qm', 'more')
    unwrap(await open().folderOf({ path: 'repo', commit: 'trunk' }))
    expect(lines).toEqual([expect.stringMatching(/submodules/), expect.stringMatching(/LFS/)])
  })
})
