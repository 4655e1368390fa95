import { mkdtemp, rm } from 'node:fs/promises'
import { createReadStream } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { done, failed, type Failure, type Result } from '../../../../nouns/index.js'
import { diskFailure, parseJson } from '../../../../shared/project/index.js'
import { execute, offlineVariables } from '../../../../shared/python/index.js'
import { streamSamples } from '../../files.js'
import type { DatasetModel } from '../../model.js'
import type { ReadBackEngine } from './engines.js'
import { ReadBackTally, type ReadBackReport } from './report.js'

export interface ReadBackRequest {
  readonly engine: ReadBackEngine
  /** The file of rows that was written. */
  readonly data: string
  /** The dataset that it was written from. */
  readonly folder: string
  readonly dataset: string
  readonly modelFolder: string
  readonly model: Pick<DatasetModel, 'tokeniser'>
  /** Of the engine's source; null where it is installed. */
  readonly checkout: string | null
  /** The engine's own, by name; values are JSON, or else text. */
  readonly settings: Readonly<Record<string, string>>
  /** The interpreter of limi's Python packages. */
  readonly python: string
  readonly cacheRoot: string
  readonly signal?: AbortSignal
}

const Head = z.object({ engine: z.string(), settings: z.record(z.string(), z.unknown()) })
const Row = z.union([
  z.object({ input_ids: z.array(z.number().int()), labels: z.array(z.number().int()) }),
  z.object({ absent: z.string() }),
])

/** Runs an engine's own code on the rows that were written, and compares what would reach its model with the samples. */
export async function readBack(request: ReadBackRequest): Promise<Result<ReadBackReport>> {
  const scratch = await mkdtemp(path.join(os.tmpdir(), 'limi-read-back-'))
  try {
    const out = path.join(scratch, 'rows.jsonl')
    const ran = await run(request, scratch, out)
    return ran.ok ? await compareAll(request, out) : ran
  } catch (error) {
    return failed(diskFailure(error, scratch))
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

async function run(request: ReadBackRequest, scratch: string, out: string): Promise<Result<unknown>> {
  const { data, dataset, modelFolder: model, checkout, python, engine, cacheRoot, signal } = request
  const settings = Object.fromEntries(Object.entries(request.settings).map(([name, text]) => [name, valueOf(text)]))
  const asks = {
    data,
    dataset,
    model,
    checkout: checkout === null ? null : path.resolve(checkout),
    scratch,
    out,
    settings,
  }
  const env = {
    ...offlineVariables(cacheRoot),
    // A checkout is left as it is, and a person's own Python path would bring other packages.
    ...{ PYTHONDONTWRITEBYTECODE: '1', PYTHONPATH: '', PYTHONNOUSERSITE: '1', PYTHONUTF8: '1' },
  }
  return execute(python, [engine.script, JSON.stringify(asks)], { cwd: scratch, env, signal })
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

async function compareAll(request: ReadBackRequest, out: string): Promise<Result<ReadBackReport>> {
  const lines = createInterface({ input: createReadStream(out, 'utf8'), crlfDelay: Infinity })[Symbol.asyncIterator]()
  const read = async <T>(schema: z.ZodType<T>): Promise<Result<T>> => {
    const next = await lines.next()
    return next.done === true ? failed(otherRows(request)) : parseJson(next.value, schema, request.engine.script)
  }
  const head = await read(Head)
  if (!head.ok) return head
  const tally = new ReadBackTally()
  for await (const sample of streamSamples(request.folder)) {
    if (!sample.ok) return sample
    const row = await read(Row)
    if (!row.ok) return row
    if ('absent' in row.value) tally.addAbsent(sample.value, row.value.absent)
    else tally.add(sample.value, row.value)
  }
  if ((await lines.next()).done !== true) return failed(otherRows(request))
  const decode = (ids: readonly (readonly number[])[]) => request.model.tokeniser.decode(ids)
  return done(await tally.report(head.value.engine, head.value.settings, decode))
}

const otherRows = ({ engine, data }: ReadBackRequest): Failure => ({
  kind: 'underway',
  code: 'read-back.rows',
  message: `${engine.format}'s own code gave back another number of rows than were written`,
  where: data,
  remedy: 'the file is whole; look at what the engine does with it before training on it',
})
