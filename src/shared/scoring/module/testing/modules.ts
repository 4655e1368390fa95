import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, afterEach } from 'vitest'
import { FailureError, Query, unwrap, type Failure, type Score } from '../../../../nouns/index.js'
import { virtualSandboxes } from '../../../sandboxes/index.js'
import { openModule, type OpenModule } from '../index.js'

const places: string[] = []
/** Closed after each test. */
export const opened: OpenModule[] = []
afterEach(() => Promise.all(opened.splice(0).map((one) => one.close())))
afterAll(() => Promise.all(places.map((place) => rm(place, { recursive: true, force: true }))))

export async function write(files: Readonly<Record<string, string>>): Promise<string> {
  const place = await mkdtemp(path.join(os.tmpdir(), 'limi module ü '))
  places.push(place)
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(place, name)), { recursive: true })
    await writeFile(path.join(place, name), text)
  }
  return place
}

/** A module whose scorer has this body; `n` counts its calls. */
export const withScorer = (body: string, more = ''): string => `
  import { defineBenchmark, type ScoreInput } from 'limi'
  let n = 0
  export const benchmark = defineBenchmark({
    name: 'ours', tasks: [{ id: 'one', request: 'Do it.' }], ${more}
    score: async ({ task, files, answer }: ScoreInput): Promise<any> => { n += 1; ${body} },
  })`

export const GOOD = '{ score: 1, max: 1, passed: true }'

export async function openBody(body: string, more = ''): Promise<OpenModule> {
  const folder = await write({ 'bench.ts': withScorer(body, more) })
  const module = unwrap(await openModule(path.join(folder, 'bench.ts')))
  opened.push(module)
  return module
}

/** One score of a workspace, or the failure instead. */
export async function scored(
  { scoring, scorers }: OpenModule,
  answer = '',
  files: Record<string, string> = {},
): Promise<Score | Failure> {
  const source = { kind: 'benchmark', benchmark: 'ours', parameters: { task: 'one', subtask: 2, data: { right: 7 } } }
  const raw = { format: 'limi.query/1', id: 'one.2', request: 'Do it.', start: { files }, scoring, source }
  const query = Query.parse(raw)
  const sandbox = unwrap(await virtualSandboxes.create({ files }))
  await sandbox.write('bin', new Uint8Array([255]))
  await sandbox.exec('mkdir empty; ln -s bin link; ln -s nowhere dangling')
  try {
    return await unwrap(scorers(query)).score({ query, sandbox, answer })
  } catch (error) {
    if (error instanceof FailureError) return error.failure
    throw error
  } finally {
    await sandbox.dispose()
  }
}
