// node ours.mjs MODEL CONVERSATIONS WAY ENGINE: one line of JSON with tokens, seconds and memory.
// WAY: `tokenise` renders, tokenises and labels, as the peer does; `build` writes and proves the whole dataset.
import { createReadStream, mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { buildDataset } from '../../dist/stages/dataset/index.js'
import { openDatasetModel } from '../../dist/stages/dataset/model.js'
import { tokeniseConversation } from '../../dist/stages/dataset/tokenised.js'
import { madeConversation } from './conversations.mjs'

const ORIGINS = { system: 'agent', user: 'human', assistant: 'model', tool: 'tool' }

const asConversation = (messages) => ({
  messages: messages.map((chat, index) => ({
    id: `m${index}`,
    chat,
    trains: chat.role === 'assistant',
    stopped: true,
  })),
  tools: null,
  now: null,
})

const asTrajectory = (messages, index) => ({
  format: 'limi.trajectory/1',
  id: `t${index}`,
  source: { kind: 'built-in', agent: 'bench', model: 'bench' },
  tags: {},
  threads: [
    {
      id: 'main',
      messages: messages.map((message, at) => ({ id: `m${at}`, origin: ORIGINS[message.role], ...message })),
    },
  ],
  asides: [],
  tools: {},
  rounds: [],
  outcome: { status: 'success', by: 'checks' },
  complete: true,
})

/** Lines of a file, or `made:COUNT:TOKENS`. */
async function* conversationsIn(source) {
  const [kind, count, tokens] = source.split(':')
  if (kind === 'made') {
    for (let seed = 0; seed < Number(count); seed += 1) yield madeConversation(seed, Number(tokens))
    return
  }
  for await (const line of createInterface({ input: createReadStream(source) })) yield JSON.parse(line)
}

async function tokenise(folder, source, engine) {
  const model = unwrap(await openDatasetModel(folder, engine === undefined ? {} : { engine }))
  const conversations = []
  for await (const messages of conversationsIn(source)) conversations.push(asConversation(messages))
  const counts = { tokens: 0, trained: 0 }
  const clock = startClock()
  for (const conversation of conversations) {
    const { labelled } = unwrap(await tokeniseConversation(model, conversation))
    counts.tokens += labelled.labels.length
    counts.trained += labelled.labels.reduce((sum, label) => sum + (label === -100 ? 0 : 1), 0)
  }
  return { engine: model.tokeniser.engine, ...counts, ...clock() }
}

async function build(folder, source) {
  async function* trajectories() {
    let index = 0
    for await (const messages of conversationsIn(source)) yield asTrajectory(messages, index++)
  }
  const place = mkdtempSync(path.join(os.tmpdir(), 'limi-bench-'))
  const clock = startClock()
  try {
    const { manifest } = unwrap(
      await buildDataset({
        trajectories: trajectories(),
        modelFolder: folder,
        modelName: 'bench',
        name: 'bench',
        folder: place,
        maxTokens: 1_000_000,
        selection: { name: 'bench', digest: '' },
        // SmolLM2 has no tokens for some bytes of three of the shared conversations.
        unfit: 'exclude',
      }),
    )
    const { tokens, trainedTokens, proof, samples } = manifest
    return { engine: manifest.made.versions.tokeniser, tokens, trained: trainedTokens, proof, samples, ...clock() }
  } finally {
    rmSync(place, { recursive: true })
  }
}

function startClock() {
  const [wall, cpu] = [performance.now(), process.cpuUsage()]
  return () => {
    const { user, system } = process.cpuUsage(cpu)
    return { wall: (performance.now() - wall) / 1000, cpu: (user + system) / 1e6 }
  }
}

function unwrap(result) {
  if (result.ok) return result.value
  throw new Error(JSON.stringify(result.failure))
}

const [model, source, way, engine] = process.argv.slice(2)
const figures = way === 'build' ? await build(model, source) : await tokenise(model, source, engine)
console.log(JSON.stringify({ ...figures, peakMb: process.resourceUsage().maxRSS / 1024 }))
