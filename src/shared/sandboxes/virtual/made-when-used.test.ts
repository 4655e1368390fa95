import fc from 'fast-check'
import { expect, test } from 'vitest'
import { unwrap } from '../../../nouns/index.js'
import type { Sandbox, Snapshot } from '../sandbox.js'
import { madeWhenUsed } from './made-when-used.js'
import { openWorkspace } from './workspace.js'

const LIMITS = { timeoutMs: 5_000, maxOutputBytes: 4_096, maxWorkspaceBytes: 1 << 20 }
const make = async (): Promise<Sandbox> => unwrap(await openWorkspace({}, LIMITS))

/** One thing done to a workspace; what comes back is compared. */
type Step = (sandbox: Sandbox, snapshots: Snapshot[]) => Promise<unknown>

const command = (text: string): Step => {
  return async (sandbox) => sandbox.exec(text)
}
const atSnapshot = (at: number, of: (snapshot: Snapshot) => Promise<unknown>, snapshots: Snapshot[]): unknown => {
  const snapshot = snapshots[at % Math.max(1, snapshots.length)]
  return snapshot === undefined ? null : of(snapshot)
}

const steps: fc.Arbitrary<Step> = fc.oneof(
  fc
    .constantFrom('mkdir -p d && cd d', 'echo 1 > a; echo 2 > d/b', 'rm -rf a d', 'ls -la', 'pwd', 'exit 3')
    .map(command),
  fc.constantFrom('.', 'd', '..', '').map(
    (path): Step =>
      (sandbox) =>
        sandbox.enter(path).then(
          () => 'entered',
          (error: unknown) => String(error),
        ),
  ),
  fc.constantFrom('a', 'd/b', '../x', '').map(
    (path): Step =>
      (sandbox) =>
        sandbox.read(path).catch((error: unknown) => String(error)),
  ),
  fc.constant<Step>((sandbox) => sandbox.write('w', 'text')),
  fc.constant<Step>((sandbox) => sandbox.files()),
  fc.constant<Step>(async (sandbox, snapshots) => void snapshots.push(await sandbox.snapshot())),
  fc.nat(5).map(
    (at): Step =>
      async (sandbox, snapshots) =>
        atSnapshot(at, (snapshot) => sandbox.restore(snapshot), snapshots),
  ),
  fc.nat(5).map(
    (at): Step =>
      async (sandbox, snapshots) =>
        atSnapshot(at, (snapshot) => sandbox.diff(snapshot), snapshots),
  ),
)

/** Files that a command writes are as old as the command: `ls -l` may tell two runs apart by that alone. */
const withoutTimes = (results: unknown): string => JSON.stringify(results).replace(/[A-Z][a-z]{2} +\d+ +\d\d:\d\d/g, '')

async function played(sandbox: Sandbox, list: readonly Step[]): Promise<string> {
  const snapshots: Snapshot[] = []
  const results: unknown[] = []
  for (const step of list) results.push(await step(sandbox, snapshots))
  return withoutTimes(results)
}

test('a workspace made when it is used behaves as one that was there from the start', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(steps, { maxLength: 8 }), async (list) => {
      expect(await played(madeWhenUsed(make), list)).toBe(await played(await make(), list))
    }),
    { numRuns: 150 },
  )
})

test('looking at an untouched workspace makes none, and the first command makes it once', async () => {
  let made = 0
  const sandbox = madeWhenUsed(() => {
    made += 1
    return make()
  })
  await sandbox.enter('.')
  const before = await sandbox.snapshot()
  expect(await sandbox.diff(before)).toEqual({})
  expect(await sandbox.files()).toEqual([])
  await sandbox.restore(before)
  expect(made).toBe(0)
  await Promise.all([sandbox.exec('echo 1 > a'), sandbox.exec('echo 2 > b')])
  expect(made).toBe(1)
  expect(await sandbox.diff(before)).toEqual({ a: 'added', b: 'added' })
  await sandbox.restore(before)
  expect(await sandbox.files()).toEqual([])
})
