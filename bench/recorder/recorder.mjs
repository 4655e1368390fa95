// Latency that a recorder adds to calls that take no time, memory over a long session, and whether anything is lost when many go on at once.
// Usage: node bench/recorder/recorder.mjs [--litellm PYTHON] [--mitmdump PATH] [--rounds 300] [--only latency|session|many]
// PYTHON has litellm[proxy]; PATH is mitmproxy's mitmdump. Needs dist/.
import { statSync } from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { answerTo } from './upstream.mjs'
import {
  commandIdle,
  folder,
  memoryOf,
  startLimi,
  startLitellm,
  startMitmdump,
  startTee,
  startUpstream,
} from './ways.mjs'
import { lostIn } from './lost.mjs'

const { values } = parseArgs({
  options: {
    litellm: { type: 'string' },
    mitmdump: { type: 'string' },
    rounds: { type: 'string', default: '300' },
    only: { type: 'string' },
  },
})
const rounds = Number(values.rounds)
const agent = new http.Agent({ keepAlive: true, maxSockets: 64 })
const requestText = (messages, stream, system) => JSON.stringify({ model: 'm', stream, system, messages })
const quantile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]
const saidIn = (bytes) => [...String(bytes).matchAll(/"text":"([^"]*)"/g)].map(([, text]) => text).join('')

const logSize = () => statSync(path.join(folder, 'run', 'wire.jsonl')).size

const upstream = await startUpstream()
const limi = await startLimi(upstream)
await new Promise((resolve) => setTimeout(resolve, 2000))
console.log(`limi idle: ${memoryOf(limi.pid)} MB; the command \`limi record\`: ${await commandIdle()} MB`)

if (values.only === undefined || values.only === 'latency') await latency()
if (values.only === undefined || values.only === 'session') await session()
if (values.only === undefined || values.only === 'many') await many()
const closed = await limi.close()
if (closed.ok)
  console.log(
    'recorded:',
    JSON.stringify({ ...closed.value, answer: undefined, oddities: closed.value.oddities.slice(0, 3) }),
  )
else console.log(closed)
console.log('lost or changed:', await lostIn(path.join(folder, 'run')))
process.exit(0)

/** All bytes of an answer, and the milliseconds until the last. */
function ask(url, text, path = '/chat/completions') {
  return new Promise((resolve, reject) => {
    const body = Buffer.from(text)
    const headers = { 'content-type': 'application/json', 'content-length': body.length, authorization: 'Bearer none' }
    const began = performance.now()
    const request = http.request(`${url}${path}`, { method: 'POST', agent, headers }, (answer) => {
      const chunks = []
      answer.on('data', (chunk) => chunks.push(chunk))
      answer.on('error', reject)
      answer.on('end', () => resolve({ bytes: Buffer.concat(chunks), ms: performance.now() - began }))
    })
    request.on('error', reject)
    request.end(body)
  })
}

async function latency() {
  const ways = [{ name: 'direct', url: `${upstream}/v1` }, await startTee(upstream), limi]
  if (values.litellm !== undefined) ways.push(await startLitellm(values.litellm, upstream))
  if (values.mitmdump !== undefined) ways.push(await startMitmdump(values.mitmdump, upstream))
  const content = 'a question of some length '.repeat(80)
  for (const stream of [false, true]) {
    const times = new Map(ways.map((way) => [way, []]))
    for (let round = -20; round < rounds; round += 1) {
      for (const way of ways) {
        const { ms } = await ask(way.url, requestText([{ role: 'user', content: `${content}${round}` }], stream))
        if (round >= 0) times.get(way).push(ms)
      }
    }
    report(times, stream)
  }
  for (const { name, pid } of ways) if (pid !== undefined) console.log(`${name}: ${memoryOf(pid)} MB`)
}

function report(times, stream) {
  const [direct] = [...times.values()].map((all) => all.sort((a, b) => a - b))
  for (const [{ name }, all] of times) {
    const [half, most] = [quantile(all, 0.5), quantile(all, 0.99)]
    const added = `${(half - quantile(direct, 0.5)).toFixed(2)} | ${(most - quantile(direct, 0.99)).toFixed(2)}`
    console.log(`${stream ? 'stream' : 'json'} | ${name} | ${half.toFixed(2)} | ${most.toFixed(2)} | ${added}`)
  }
}

/** One session of 200 calls whose bodies grow to 600 KB, 150,000 tokens. */
async function session() {
  const system = 'You are an agent that works in a terminal. '.repeat(500)
  const messages = []
  const held = []
  let [sent, said] = [0, 0]
  const before = logSize()
  let last = 0
  for (let call = 0; call < 200; call += 1) {
    messages.push({ role: 'user', content: `${call} ${'some output of a tool\n'.repeat(60)}` })
    const text = requestText(messages, true, system)
    last = Buffer.byteLength(text)
    sent += last
    const { bytes } = await ask(limi.url, text, '/messages')
    said += bytes.length
    messages.push({ role: 'assistant', content: saidIn(bytes) })
    if (call % 20 === 19) held.push(memoryOf(limi.pid))
  }
  await new Promise((resolve) => setTimeout(resolve, 3000))
  console.log(`session: MB after each 20 calls ${held.join(' ')}, 3 s later ${memoryOf(limi.pid)}`)
  console.log(
    `session: last body ${last} bytes, all bodies ${sent}, all answers ${said}, added to the log ${logSize() - before}`,
  )
}

/** 32 sessions at once; every byte that comes back is compared. */
async function many() {
  let wrong = 0
  const began = performance.now()
  const sessions = Array.from({ length: 32 }, async (_, session) => {
    const messages = []
    for (let call = 0; call < 25; call += 1) {
      messages.push({ role: 'user', content: `session ${session}, call ${call}: ${'text '.repeat(400)}` })
      const stream = call % 2 === 0
      const text = requestText(messages, stream)
      const { bytes } = await ask(limi.url, text, '/messages')
      if (String(bytes) !== answerTo('/messages', text, stream).join('')) wrong += 1
      messages.push({
        role: 'assistant',
        content: saidIn(bytes),
      })
    }
  })
  await Promise.all(sessions)
  console.log(
    `32 sessions of 25 calls: ${wrong} wrong, ${Math.round(performance.now() - began)} ms, ${memoryOf(limi.pid)} MB`,
  )
}
