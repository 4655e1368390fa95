// Tokens a second, and a CPU second, of `transformers serve` asked directly and of `limi serve` with the same model behind it, in turns.
// Usage: node bench/serving/serving.mjs --model FOLDER --python PYTHON [--rounds 3] [--tokens 128]
// FOLDER is a model folder, PYTHON the engine's interpreter; LIMI_CACHE names the cache with that engine. Needs dist/.
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    model: { type: 'string' },
    python: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    tokens: { type: 'string', default: '128' },
  },
})
if (values.model === undefined || values.python === undefined) throw new Error('--model FOLDER --python PYTHON')
const folder = path.resolve(values.model)
const limi = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../dist/cli/limi.js')
const children = []

function start(program, args, env = {}) {
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: 'ignore' })
  children.push(child)
  return child
}

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })
}

async function ready(port) {
  for (let attempt = 0; attempt < 1200; attempt += 1) {
    const response = await fetch(`http://127.0.0.1:${port}/health`).catch(() => null)
    if (response?.ok) return
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error(`nothing answers on port ${port}`)
}

/** Both batch requests, take the same share of memory and threads, and stay off the network. */
async function startDirect() {
  const port = await freePort()
  const options = [
    '--continuous-batching',
    '--cb-max-memory-percent',
    '0.2',
    '--host',
    '127.0.0.1',
    '--port',
    `${port}`,
  ]
  const offline = { HF_HUB_OFFLINE: '1', TRANSFORMERS_OFFLINE: '1', OMP_WAIT_POLICY: 'PASSIVE' }
  const { pid } = start(values.python, ['-m', 'transformers.cli.transformers', 'serve', folder, ...options], offline)
  await ready(port)
  return { name: 'transformers serve', port, model: folder, pid }
}

async function startLimi() {
  const port = await freePort()
  const { pid } = start(process.execPath, [limi, 'serve', `dir:${folder}`, '--port', `${port}`])
  await ready(port)
  return { name: 'limi serve', port, model: `dir:${folder}`, pid }
}

/** CPU seconds of a process and all that it started. Linux counts them in hundredths. */
function cpuSeconds(pid) {
  const processes = readdirSync('/proc').flatMap((name) => statOf(name))
  const tree = new Set([pid])
  for (let size = 0; size < tree.size;) {
    size = tree.size
    for (const { id, parent } of processes) if (tree.has(parent)) tree.add(id)
  }
  return processes.filter(({ id }) => tree.has(id)).reduce((sum, { ticks }) => sum + ticks, 0) / 100
}

function statOf(name) {
  if (!/^\d+$/.test(name)) return []
  try {
    const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return [{ id: Number(name), parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) }]
  } catch {
    return []
  }
}

/** One streamed answer: its tokens, and the milliseconds until its first word. */
async function ask({ port, model }, content) {
  const body = {
    model,
    messages: [{ role: 'user', content }],
    stream: true,
    stream_options: { include_usage: true },
    temperature: 0,
    max_tokens: Number(values.tokens),
  }
  const began = performance.now()
  const response = await fetch(`http://127.0.0.1:${port}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  let first = 0
  let [text, said] = ['', '']
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    if (first === 0 && chunk.includes('"content"')) first = performance.now() - began
    text += chunk
  }
  let tokens = 0
  for (const line of text.split('\n')) {
    if (!line.startsWith('data: {')) continue
    const event = JSON.parse(line.slice(6))
    tokens = event.usage?.completion_tokens ?? tokens
    said += event.choices?.[0]?.delta?.content ?? ''
  }
  return { tokens, first, said }
}

const PROMPTS = ['a river', 'a mountain', 'a city', 'a ship'].map((what) => `Write a long story about ${what}.`)

async function measure(server, atOnce) {
  const began = performance.now()
  const cpu = cpuSeconds(server.pid)
  const answers = []
  for (let index = 0; index < PROMPTS.length; index += atOnce) {
    answers.push(...(await Promise.all(PROMPTS.slice(index, index + atOnce).map((prompt) => ask(server, prompt)))))
  }
  const seconds = (performance.now() - began) / 1000
  const tokens = answers.reduce((sum, answer) => sum + answer.tokens, 0)
  const first = answers.map((answer) => answer.first).sort((a, b) => a - b)[answers.length >> 1]
  const perCpu = tokens / (cpuSeconds(server.pid) - cpu)
  return { rate: tokens / seconds, perCpu, first, tokens, said: answers.map((answer) => answer.said).join('\n') }
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1]

try {
  const servers = [await startDirect(), await startLimi()]
  for (const server of servers) await ask(server, 'hi')
  for (const atOnce of [1, 4]) {
    const results = new Map(servers.map((server) => [server.name, []]))
    for (let round = 0; round < Number(values.rounds); round += 1) {
      const order = round % 2 === 0 ? servers : servers.toReversed()
      for (const server of order) results.get(server.name).push(await measure(server, atOnce))
    }
    const [direct, ours] = [...results.values()]
    console.log(
      `${atOnce} at once, ${direct[0].tokens} tokens a round, the same text: ${direct[0].said === ours[0].said}`,
    )
    for (const [name, runs] of results) {
      const list = (key) => runs.map((run) => run[key].toFixed(1)).join(', ')
      const [rate, perCpu, first] = ['rate', 'perCpu', 'first'].map((key) => median(runs.map((run) => run[key])))
      console.log(`  ${name}: ${rate.toFixed(1)} tokens/s (${list('rate')}), first word after ${first.toFixed(0)} ms`)
      console.log(`    ${perCpu.toFixed(2)} tokens a CPU second (${list('perCpu')})`)
    }
    const ratio = (key) => (median(ours.map((run) => run[key])) / median(direct.map((run) => run[key]))).toFixed(3)
    console.log(`  ratio by the clock ${ratio('rate')}, by CPU time ${ratio('perCpu')}`)
  }
} finally {
  for (const child of children) child.kill('SIGINT')
}
