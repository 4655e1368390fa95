import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, expect, it, onTestFinished } from 'vitest'
import { unwrap, type Evaluation, type Trial } from '../../../nouns/index.js'
import { openModule } from '../../../shared/scoring/index.js'
import { requestIn } from '../testing/request.js'
import { TASKS } from '../testing/words.js'
import { evaluate, readTrials } from './index.js'

const root = await mkdtemp(path.join(os.tmpdir(), 'limi module faults ü-'))
afterAll(() => rm(root, { recursive: true, force: true }))

interface Evaluated {
  readonly evaluation: Evaluation
  readonly row: Trial | undefined
  /** Codes of the faults that were met. */
  readonly faults: readonly string[]
}

/** One trial scored by a module's scorer with this body; after the first fault a file `calm` lies beside the module. */
async function evaluatedBy(body: string): Promise<Evaluated> {
  const folder = await mkdtemp(path.join(root, 'e'))
  const file = path.join(folder, 'bench.ts')
  await writeFile(
    file,
    `import { existsSync } from 'node:fs'
     const isCalm = () => existsSync('calm')
     export const benchmark = { name: 'ours', seconds: 1, tasks: [{ id: 'one', request: 'x' }], score: () => { ${body} } }`,
  )
  const { scoring, scorers, close } = unwrap(await openModule(file))
  onTestFinished(close)
  const tasks = TASKS.slice(0, 1).map((task) => ({ ...task, query: { ...task.query, scoring } }))
  const calm = (line: string): void => {
    if (line.includes('fault')) void writeFile(path.join(folder, 'calm'), '')
  }
  const request = requestIn(path.join(folder, 'evaluation'), {
    tasks,
    scorerFor: scorers,
    onLine: calm,
    backoffMs: [200, 200],
  })
  const evaluation = unwrap(await evaluate(request))
  const [row] = unwrap(await readTrials(request.folder))
  const lines = (await readFile(path.join(request.folder, 'faults.jsonl'), 'utf8')).trim().split('\n')
  const faults = lines.map((line) => (JSON.parse(line) as { failure: { code: string } }).failure.code)
  return { evaluation, row, faults }
}

it("a module's scorer that ran out of time is asked again, and the agent does nothing again", async () => {
  const { evaluation, row, faults } = await evaluatedBy('while (!isCalm()); return { score: 1, max: 1, passed: true }')
  expect(faults).toEqual(['scorer.timeout'])
  expect(row).toMatchObject({ cause: null, turns: 2, rounds: [{ passed: true }] })
  expect(evaluation.metrics.SR).toMatchObject({ value: 1, n: 1 })
}, 30_000)

it('one that never ends leaves the trial unmeasured: it is not the agent that failed', async () => {
  const { evaluation, row, faults } = await evaluatedBy('for (;;);')
  expect(faults).toEqual(['scorer.timeout', 'scorer.timeout', 'scorer.timeout'])
  expect(row).toMatchObject({ cause: 'judge', rounds: [] })
  expect(evaluation).toMatchObject({ unmeasured: 1, metrics: { SR: { n: 0 }, FTFC: { n: 0 } } })
}, 30_000)

it('one that throws is not asked again: it would throw again', async () => {
  const { evaluation, row, faults } = await evaluatedBy("throw new Error('never')")
  expect(faults).toEqual(['scorer.threw'])
  expect(row).toMatchObject({ cause: 'judge' })
  expect(evaluation).toMatchObject({ unmeasured: 1, metrics: { SR: { n: 0 } } })
}, 30_000)
