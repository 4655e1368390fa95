// node ours.mjs JOB PYTHON CACHE: trains the job with limi's TRL engine; the last line is JSON.
import { readFileSync, rmSync } from 'node:fs'
import { Recipe } from '../../dist/nouns/index.js'
import { trlEngine } from '../../dist/stages/training/index.js'

const [file, python, cacheRoot] = process.argv.slice(2)
const read = JSON.parse(readFileSync(file, 'utf8'))
const job = { ...read, recipe: Recipe.parse(read.recipe) }
const environment = async () => ({ ok: true, value: { python, versions: {} } })
const engine = trlEngine({ cacheRoot, environment })
const { estimate } = await value(engine.plan(job))
await value(engine.prepare(job))
let [first, last, peak] = [null, null, 0]
const onEvent = (event) => {
  if (event.type === 'started') first = performance.now()
  if (event.type === 'step') [last, peak] = [performance.now(), Math.max(peak, event.memoryBytes ?? 0)]
}
const began = performance.now()
const trained = await value(engine.run(job, { onEvent }))
const seconds = (performance.now() - began) / 1000
rmSync(job.folder, { recursive: true })
const giga = (bytes) => `${(bytes / 1e9).toFixed(2)} GB`
const planned = [
  `  expected ${estimate.seconds} s, came out ${seconds.toFixed(0)} s`,
  `memory expected ${giga(estimate.memoryBytes)}, came out ${giga(peak)}`,
  `tokens expected ${estimate.tokens}, came out ${trained.tokens}`,
].join('; ')
const loss = trained.loss.at(-1).loss
const { user, system } = process.cpuUsage()
const own = (user + system) / 1e6
console.log(JSON.stringify({ tokens: trained.tokens, loop: (last - first) / 1000, loss, own, planned }))

async function value(result) {
  const { ok, value, failure } = await result
  if (!ok) throw new Error(JSON.stringify(failure))
  return value
}
