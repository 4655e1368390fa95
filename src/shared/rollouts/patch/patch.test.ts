import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { unwrap } from '../../../nouns/index.js'
import { virtualSandboxes } from '../../sandboxes/index.js'
import { workspacePatch } from './index.js'

type Files = Readonly<Record<string, string>>

/** The patch of a workspace that began with some files and holds others now. */
async function patchBetween(before: Files, after: Files): Promise<string> {
  const sandbox = unwrap(await virtualSandboxes.create({ files: before }))
  const start = await sandbox.snapshot()
  for (const name of Object.keys(before)) if (!(name in after)) await sandbox.exec(`rm '${name}'`)
  for (const [name, content] of Object.entries(after)) if (content !== before[name]) await sandbox.write(name, content)
  return workspacePatch(sandbox, start, await sandbox.diff(start))
}

/** What git makes of the patch, in a folder that holds the files as they were. */
async function applied(before: Files, patch: string, names: readonly string[]): Promise<Files> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'limi-patch-'))
  try {
    for (const [name, content] of Object.entries(before)) {
      await mkdir(path.dirname(path.join(folder, name)), { recursive: true })
      await writeFile(path.join(folder, name), content)
    }
    if (patch !== '') execFileSync('git', ['apply', '--whitespace=nowarn', '-'], { cwd: folder, input: patch })
    const found = await Promise.all(names.map((name) => readFile(path.join(folder, name), 'utf8').catch(() => null)))
    return Object.fromEntries(names.flatMap((name, at) => (found[at] === null ? [] : [[name, found[at] ?? '']])))
  } finally {
    await rm(folder, { recursive: true })
  }
}

const line = fc.constantFrom('a', 'b', 'c', '', ' x', '+y', '-z', '\\ No newline', 'é\r', '@@ -1 +1 @@')
const text = fc
  .tuple(fc.array(line, { maxLength: 14 }), fc.boolean())
  .map(([lines, ends]) => `${lines.join('\n')}${ends ? '\n' : ''}`)
const files = fc.dictionary(fc.constantFrom('one.txt', 'sub/two', 'drei ü.md', 'q"uote'), text)

test('whatever became of the files, git makes the same of them by the patch', async () => {
  await fc.assert(
    fc.asyncProperty(files, files, async (before, after) => {
      const names = Object.keys({ ...before, ...after })
      expect(await applied(before, await patchBetween(before, after), names)).toEqual({ ...after })
    }),
    { numRuns: 60 },
  )
}, 60_000)

test('as many lines go and come as git would have it', async () => {
  const before = Array.from({ length: 60 }, (_, at) => `${at % 7}`).join('\n')
  const after = Array.from({ length: 60 }, (_, at) => `${(at * at) % 11}`).join('\n')
  const folder = await mkdtemp(path.join(os.tmpdir(), 'limi-patch-'))
  for (const [name, content] of Object.entries({ before, after })) await writeFile(path.join(folder, name), content)
  let theirs = ''
  try {
    execFileSync('git', ['diff', '--no-index', '--minimal', 'before', 'after'], { cwd: folder, encoding: 'utf8' })
  } catch (error) {
    theirs = (error as { stdout: string }).stdout
  }
  const changed = (patch: string): number => patch.split('\n').filter((one) => /^[+-](?!\+\+|--)/.test(one)).length
  expect(changed(await patchBetween({ f: before }, { f: after }))).toBe(changed(theirs))
  expect(changed(theirs)).toBeGreaterThan(20)
})

test('thousands of lines that all differ are replaced, in no time', async () => {
  const lines = (mark: string): string => Array.from({ length: 20_000 }, (_, at) => `${mark}${at}\n`).join('')
  const began = performance.now()
  const patch = await patchBetween({ f: lines('a') }, { f: lines('b') })
  expect(performance.now() - began).toBeLessThan(5_000)
  expect(patch).toContain('@@ -1,20000 +1,20000 @@')
})

test('what is no text is named, and not shown', async () => {
  const sandbox = unwrap(await virtualSandboxes.create({ files: { keep: 'x' } }))
  const start = await sandbox.snapshot()
  await sandbox.write('image', new Uint8Array([0xff, 0xfe, 0]))
  expect(await workspacePatch(sandbox, start, await sandbox.diff(start))).toBe(
    'diff --git a/image b/image\nnew file mode 100644\nBinary files /dev/null and b/image differ\n',
  )
})
