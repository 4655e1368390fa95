// node bench/training/training.mjs --model DIR --python PYTHON [--method full|lora] [--steps 20] [--pairs 3]
//
// A run of limi's TRL engine and a bare TRL script, in turns, on the same made samples with the same settings, checkpoints included.
// MODEL is a folder with weights, PYTHON the interpreter of an environment with TRL. Prints what the plan expected beside what came out.
// Judge by CPU seconds of the whole process: on a shared machine wall time says what else was running.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const HERE = path.dirname(fileURLToPath(import.meta.url))
const { values } = parseArgs({
  options: {
    model: { type: 'string' },
    python: { type: 'string' },
    method: { type: 'string', default: 'full' },
    steps: { type: 'string', default: '20' },
    pairs: { type: 'string', default: '3' },
  },
})

const [model, python] = [path.resolve(values.model ?? '.'), values.python ?? 'python3']
const load = () => String(os.loadavg().map((each) => each.toFixed(1)))
const percent = (ours, theirs) => `${((ours / theirs - 1) * 100).toFixed(1)} %`
const said = ({ cpu, wall, tokens, loop }) =>
  `${cpu.toFixed(1)} CPU s, ${wall.toFixed(1)} s, ${(tokens / loop).toFixed(0)} tokens/s in training`

const scratch = mkdtempSync(path.join(os.tmpdir(), 'limi-bench-training-'))
try {
  measure()
} finally {
  rmSync(scratch, { recursive: true })
}

function measure() {
  const job = jobOf()
  console.log(`load before: ${load()}, ${os.availableParallelism()} cores`)
  const pairs = Array.from({ length: Number(values.pairs) }, (_, pair) => onePair(job, pair))
  const total = (side) => pairs.reduce((sum, each) => sum + each[side].cpu, 0)
  const own = pairs.reduce((sum, { limi: { own } }) => sum + own, 0)
  console.log(`limi's overhead in CPU seconds, all pairs: ${percent(total('limi'), total('bare'))}`)
  console.log(`limi's own process: ${own.toFixed(1)} of ${total('limi').toFixed(1)} CPU s`)
  console.log(`load after: ${load()}`)
}

/** Who begins changes from pair to pair. */
function onePair(job, pair) {
  const sides = pair % 2 === 0 ? ['limi', 'bare'] : ['bare', 'limi']
  const result = Object.fromEntries(sides.map((side) => [side, side === 'limi' ? limi(job, pair) : bare(job, pair)]))
  if (result.limi.tokens !== result.bare.tokens) throw new Error('not the same tokens')
  if (Math.abs(result.limi.loss - result.bare.loss) > 1e-6) throw new Error('not the same last loss')
  const { cpu } = result.limi
  console.log(
    `pair ${pair + 1}:  limi ${said(result.limi)}   bare ${said(result.bare)}   CPU ${percent(cpu, result.bare.cpu)}`,
  )
  return result
}

function limi(job, pair) {
  const file = path.join(scratch, `job-${pair}.json`)
  writeFileSync(file, JSON.stringify({ ...job, folder: path.join(scratch, 'runs', `limi-${pair}`) }))
  const measured = timed(process.execPath, [path.join(HERE, 'ours.mjs'), file, python, path.join(scratch, 'cache')])
  console.log(measured.planned)
  return measured
}

function bare(job, pair) {
  const output = path.join(scratch, 'runs', `bare-${pair}`)
  const data = path.join(scratch, 'train.jsonl')
  writeFileSync(data, job.dataset.samples.map((each) => `${JSON.stringify(each)}\n`).join(''))
  const measured = timed(python, [path.join(HERE, 'bare.py'), model, data, output, values.steps, values.method])
  rmSync(output, { recursive: true })
  return measured
}

/** Seconds and CPU seconds of a program and all it started, and the last line it prints, which is JSON. */
function timed(program, args) {
  const report = path.join(scratch, 'timed.json')
  const env = { ...process.env, OMP_WAIT_POLICY: 'PASSIVE', HF_HUB_OFFLINE: '1' }
  const stdio = ['ignore', 'pipe', 'inherit']
  const ran = spawnSync(python, [path.join(HERE, 'timed.py'), report, program, ...args], { env, stdio, maxBuffer: 1e8 })
  if (ran.status !== 0) throw new Error(`${program} ${args[0]} ended with ${ran.status}`)
  const last = ran.stdout.toString().trim().split('\n').at(-1)
  return { ...JSON.parse(readFileSync(report, 'utf8')), ...JSON.parse(last) }
}

/** As the demonstrations of the demo are: some hundred tokens each, a third of which trains. */
function jobOf() {
  mkdirSync(path.join(scratch, 'runs'))
  const samples = Array.from({ length: 48 }, (_, number) => {
    const length = 60 + ((number * 37) % 200)
    const input_ids = Array.from({ length }, (_, place) => 100 + ((number * 7919 + place * 104_729) % 40_000))
    const labels = input_ids.map((id, place) => (place % 3 === 0 ? id : -100))
    return { id: `s${number}`, trajectory: 't', input_ids, labels }
  })
  const lora = values.method === 'lora' ? { lora: { rank: 16, alpha: 32, dropout: 0 } } : {}
  const recipe = {
    name: 'bench',
    method: values.method,
    ...lora,
    learningRate: 0.0003,
    schedule: 'cosine',
    warmup: 0.1,
    batchSize: 4,
    steps: Number(values.steps),
    saveEvery: 20,
  }
  const dataset = { id: 'd', digest: 'd', samples }
  return { run: 'bench', base: { name: 'bench', digest: 'b', folder: model }, dataset, recipe }
}
