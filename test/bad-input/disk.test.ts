import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs'
import { chmod, mkdir } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { execa } from 'execa'
import { limiForTests, LIMI, type Told } from '../support/cli.js'
import { findProgram } from '../support/place.js'
import { writeProject } from '../support/project.js'

const limi = limiForTests()
const isRoot = process.getuid?.() === 0

const [mount, umount, setpriv] = ['mount', 'umount', 'setpriv'].map(findProgram)

/** A small disk of the test's own; null where it cannot be had. */
function smallDisk(): string | null {
  if (!isRoot || mount == null || umount == null) return null
  const folder = path.join(limi.place, 'small disk ü')
  mkdirSync(folder)
  return spawnSync(mount, ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', folder]).status === 0 ? folder : null
}

const disk = smallDisk()
afterAll(() => {
  if (disk !== null && umount != null) spawnSync(umount, [disk])
})

/** Fills a disk, all but some bytes. */
function fill(folder: string, spare: number): string {
  const file = path.join(folder, 'ballast')
  const { bavail, bsize } = statfsSync(folder)
  writeFileSync(file, Buffer.alloc(bavail * bsize - spare))
  return file
}

describe.skipIf(disk === null)('a full disk (skipped where no small disk can be mounted)', () => {
  const root = path.join(disk ?? '', 'ours')

  it('stops a collection with what to do, and the same command goes on from there', async () => {
    const queries = await writeProject(root, { count: 26 })
    const ballast = fill(root, 96 << 10)
    const full = await limi.json(root, 'collect', '--agent', 'shell')
    expect([full.code, full.data.error?.code]).toEqual([4, 'disk.full'])
    expect(full.data.error?.remedy).toMatch(/free some space, then run the same command again/)
    expect(full.data.error?.where).toMatch(/ours\/(trajectories|recordings)\/pool-/)
    rmSync(ballast)
    const again = await limi.json<{ made: number; kept: number; failed: unknown[] }>(
      root,
      'collect',
      '--agent',
      'shell',
    )
    expect([again.code, again.data.failed]).toEqual([0, []])
    expect(again.data.kept).toBeGreaterThan(0)
    expect(again.data.made + again.data.kept).toBe(queries.length)
  })

  it('leaves no half of a selection', async () => {
    // The lock finds a place and the selection does not.
    await mkdir(path.join(root, 'selections'))
    const ballast = fill(root, 4 << 10)
    const full = await limi.run(root, 'curate')
    expect([full.code, full.stdout]).toEqual([4, ''])
    expect(full.stderr).toMatch(/ENOSPC.*\(disk\.full\)\n {2}where: .*curated\.yaml\n {2}to do: free some space/)
    expect(readdirSync(path.join(root, 'selections'))).toEqual([])
    rmSync(ballast)
    expect((await limi.run(root, 'curate')).code).toBe(0)
    expect(statSync(path.join(root, 'selections/curated.yaml')).size).toBeGreaterThan(100)
  })
})

const asNobody = ['--reuid=65534', '--regid=65534', '--clear-groups', process.execPath]
const canBeNobody = isRoot && setpriv != null && spawnSync(setpriv, [...asNobody, '-e', '']).status === 0

describe.skipIf(!canBeNobody)(
  'a read-only folder (skipped where no other user can be taken: root writes anywhere)',
  () => {
    const root = path.join(limi.place, 'read-only ü')
    const asAnother = async (
      ...args: string[]
    ): Promise<{ code: number | undefined; stdout: string; stderr: string; data: Told }> => {
      const ended = await execa(setpriv ?? '', [...asNobody, LIMI, ...args, '--json'], {
        cwd: root,
        reject: false,
        extendEnv: false,
        env: limi.env,
      })
      return {
        code: ended.exitCode,
        stdout: ended.stdout,
        stderr: ended.stderr,
        data: JSON.parse(ended.stdout) as Told,
      }
    }

    it('can be looked at, and what would write says what it may not', async () => {
      await writeProject(root, { count: 2 })
      chmodSync(limi.place, 0o755)
      expect((await asAnother('queries', 'list')).code).toBe(0)
      expect((await asAnother('status')).code).toBe(0)
      const refused = await asAnother('collect', '--agent', 'shell')
      expect([refused.code, refused.data.error?.code]).toEqual([2, 'disk.denied'])
      expect(refused.stderr).toMatch(
        /EACCES.*\n {2}where: .*read-only ü.*\n {2}to do: choose a folder that you may write to/,
      )
      const examined = await asAnother('doctor')
      expect(examined.data).toContainEqual(expect.objectContaining({ what: 'writing here', works: false }))
      const made = await asAnother('init', 'inner')
      expect([made.code, made.data.error?.code]).toEqual([2, 'disk.denied'])
      expect(existsSync(path.join(root, 'inner'))).toBe(false)
      const shown = await asAnother('demo', '--dir', 'inner', '--fast')
      expect([shown.code, shown.data.error?.code]).toEqual([2, 'disk.denied'])
    })

    it('of trajectories stops a collection in the same words', async () => {
      await mkdir(path.join(root, '.limi'))
      await chmod(path.join(root, '.limi'), 0o777)
      const refused = await asAnother('collect', '--agent', 'shell')
      expect([refused.code, refused.data.error?.code, /trajectories/u.test(refused.data.error?.where ?? '')]).toEqual([
        2,
        'disk.denied',
        true,
      ])
    })
  },
)
