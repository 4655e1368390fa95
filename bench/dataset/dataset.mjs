// node bench/dataset/dataset.mjs --model DIR --marked TEMPLATE --python PYTHON [--shared DATA] [--made COUNT] [--slime CHECKOUT]
// node bench/dataset/dataset.mjs --model DIR --memory [--count 1000] [--tokens 150000]
//
// Rendering, tokenising and labelling: limi and transformers, in turns, on one core each and the same conversations. MODEL is a folder
// with tokenizer and chat template, TEMPLATE the same template with {% generation %} markers (transformers has no mask without).
// Judge by tokens per CPU second: on a shared machine wall time says what else was running.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { madeConversation, realConversations } from './conversations.mjs'

/** Linux alone has it; elsewhere both sides may use all cores. */
const ONE_CORE = ['taskset', '-c', '0']

const HERE = path.dirname(fileURLToPath(import.meta.url))
const { values } = parseArgs({
  options: {
    model: { type: 'string' },
    marked: { type: 'string' },
    python: { type: 'string' },
    shared: { type: 'string', default: path.join(HERE, '..', '..', '..', 'shared', 'data') },
    slime: { type: 'string' },
    made: { type: 'string', default: '20' },
    rounds: { type: 'string', default: '3' },
    memory: { type: 'boolean', default: false },
    count: { type: 'string', default: '1000' },
    tokens: { type: 'string', default: '150000' },
  },
})

const model = path.resolve(values.model ?? '.')
const scratch = mkdtempSync(path.join(os.tmpdir(), 'limi-bench-dataset-'))
try {
  if (values.memory) measureMemory()
  else measureSpeed()
} finally {
  rmSync(scratch, { recursive: true })
}

function measureSpeed() {
  const inputs = {
    'shared data': realConversations(values.shared),
    made: Array.from({ length: Number(values.made) }, (_, seed) => madeConversation(seed, 45_000)),
  }
  for (const [name, conversations] of Object.entries(inputs)) {
    if (conversations.length === 0) continue
    const file = path.join(scratch, `${name}.jsonl`)
    writeFileSync(file, conversations.map((messages) => `${JSON.stringify(messages)}\n`).join(''))
    console.log(`\n${name}: ${conversations.length} conversations`)
    const rounds = Array.from({ length: Number(values.rounds) }, () => oneRound(file))
    for (const way of Object.keys(rounds[0])) report(way, rounds)
  }
}

/** Each way once, one after another, so that what else runs on the machine falls on all alike. */
function oneRound(file) {
  const ways = {
    limi: () => ours(file, 'tokenise'),
    'limi, as a whole': () => ours(file, 'tokenise', 'tokenizers'),
    'limi, with proof and files': () => ours(file, 'build'),
  }
  if (values.python !== undefined && values.marked !== undefined) {
    ways.transformers = () => peer(['transformers', model, values.marked, file])
    if (values.slime !== undefined) ways.slime = () => peer(['slime', model, values.marked, file, values.slime])
  }
  return Object.fromEntries(Object.entries(ways).map(([way, measure]) => [way, measure()]))
}

function report(way, rounds) {
  const of = (name) => rounds.map((round) => round[name].tokens / round[name].cpu).sort((a, b) => a - b)
  const speeds = of(way)
  const median = speeds[Math.floor(speeds.length / 2)]
  const peers = rounds[0].transformers === undefined ? [] : of('transformers')
  const ratio =
    peers.length === 0 ? '' : `, ${(median / peers[Math.floor(peers.length / 2)]).toFixed(2)} of transformers`
  const { tokens, trained, peakMb, wall } = rounds[0][way]
  console.log(
    `${way}: ${thousands(median)} tokens per CPU second (${thousands(speeds[0])} to ${thousands(speeds.at(-1))})${ratio}; ` +
      `${tokens} tokens, ${trained} trained, ${wall.toFixed(1)} s, peak ${Math.round(peakMb)} MB`,
  )
}

function thousands(count) {
  return `${Math.round(count / 1000)}k`
}

function measureMemory() {
  const figures = ours(`made:${values.count}:${values.tokens}`, 'build')
  const { tokens, samples, peakMb, cpu, proof } = figures
  console.log(`${samples} samples, ${tokens} tokens (${Math.round(tokens / samples)} each), proof ${proof}`)
  console.log(
    `peak ${Math.round(peakMb)} MB, ${thousands(tokens / cpu)} tokens per CPU second, making the text included`,
  )
}

function ours(...options) {
  return onOneCore(process.execPath, [path.join(HERE, 'ours.mjs'), model, ...options])
}

function peer(options) {
  return onOneCore(values.python, [path.join(HERE, 'peer.py'), ...options])
}

function onOneCore(command, options) {
  const [pin, ...core] = ONE_CORE
  const canPin = spawnSync(pin, ['--version']).status === 0
  const [program, ...rest] = canPin ? [pin, ...core, command, ...options] : [command, ...options]
  const { status, stdout, stderr } = spawnSync(program, rest, { encoding: 'utf8', maxBuffer: 1 << 28 })
  if (status !== 0) throw new Error(`${command} ${options.join(' ')}: ${stderr}`)
  return JSON.parse(stdout.trim().split('\n').at(-1))
}
