// Milliseconds a rollout of `limi collect` takes beyond a bare loop: the same scripted model in the same sandbox, without trajectory,
// scoring, evidence and progress. In turns, at concurrency 1 and 16. Usage: node bench/rollouts/rollouts.mjs [--sandbox virtual|bubblewrap] [--rollouts 400]
// [--rounds 5]. Needs dist/.
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import {
  AgentConfig,
  agents,
  models,
  project,
  Query,
  rollouts,
  sandboxes,
  scoring,
  trajectories,
  unwrap,
} from '../../dist/index.js'

const { values } = parseArgs({
  options: {
    sandbox: { type: 'string', default: 'virtual' },
    rollouts: { type: 'string', default: '400' },
    rounds: { type: 'string', default: '5' },
  },
})
const count = Number(values.rollouts)

const queries = Array.from({ length: count }, (_, at) =>
  Query.parse({
    format: 'limi.query/1',
    id: `task-${at}`,
    request: `Write the number of lines of data.txt to count-${at}.txt.`,
    start: { files: { 'data.txt': 'a\nb\nc\n' } },
    scoring: { kind: 'checks', checks: [{ kind: 'file', id: 'right', path: `count-${at}.txt`, matches: '^3$' }] },
    source: { kind: 'person' },
  }),
)
const usage = { inputTokens: 100, outputTokens: 10 }
const model = models.scriptedModel(
  'script:bench',
  queries.map(({ request }, at) => ({
    request,
    replies: [`\`\`\`bash\nwc -l < data.txt > count-${at}.txt\n\`\`\``, 'Done.'].map((text) => ({ text, usage })),
  })),
)
const agent = agents.builtInAgent(AgentConfig.parse({ kind: 'built-in', actions: 'fenced' }))
const provider = unwrap(sandboxes.sandboxProvider(values.sandbox))

/** What no way of running an agent can do without: ask, act, show what came of it. */
async function bare({ request, start }) {
  const sandbox = unwrap(await provider.create({ files: start.files }))
  const messages = [{ id: 'm1', role: 'user', origin: 'human', content: request }]
  for (;;) {
    let text = ''
    for await (const event of model.stream({ messages, tools: [], params: {} }))
      if (event.type === 'text') text += event.text
    messages.push({ id: `m${messages.length + 1}`, role: 'assistant', origin: 'model', content: text })
    const command = agents.firstFencedCommand(text)
    if (command === null || command === undefined) break
    const { stdout } = await sandbox.exec(command)
    messages.push({ id: `m${messages.length + 1}`, role: 'user', origin: 'tool', content: stdout })
  }
  await sandbox.dispose()
}

/** Milliseconds a rollout since now, by the clock and of CPU time, which other processes on the machine touch less. */
function startClock() {
  const [began, cpu] = [performance.now(), process.cpuUsage()]
  return () => {
    const { user, system } = process.cpuUsage(cpu)
    return { wall: (performance.now() - began) / count, cpu: (user + system) / 1000 / count }
  }
}

async function ours(concurrency) {
  const root = mkdtempSync(path.join(os.tmpdir(), 'limi-bench-rollouts-'))
  try {
    const store = trajectories.trajectoryStore(path.join(root, 'trajectories'))
    const collectors = [{ name: 'shell', setting: 'bench' }]
    const plan = { campaign: 'pool', queries, collectors, attempts: 1, held: new Map() }
    const openTrajectory = trajectories.watchedRollouts(store.open)
    const clock = startClock()
    const collected = await trajectories.collect({
      rollouts: unwrap(trajectories.planRollouts(plan)),
      collectors: new Map([['shell', { name: 'shell', agent, model, source: 'built-in', openTrajectory }]]),
      workspaces: rollouts.workspacesIn(provider),
      scorerFor: scoring.scorerFor,
      rounds: 3,
      recordings: path.join(root, 'recordings'),
      campaign: 'pool',
      concurrency,
      onProgress: () => undefined,
    })
    const took = clock()
    const wrong = collected.rollouts.filter(({ outcome }) => outcome !== 'success').length
    if (wrong > 0) throw new Error(`${wrong} rollouts did not succeed`)
    return took
  } finally {
    rmSync(root, { recursive: true })
  }
}

async function theirs(concurrency) {
  const clock = startClock()
  await rollouts.runWorkList(queries, bare, { concurrency })
  return clock()
}

const median = (figures) => figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)]

console.log(
  `${project.versionsHere().node}, ${count} rollouts of two replies and one command in the ${provider.name} sandbox, load ${os.loadavg()[0].toFixed(1)}`,
)
for (const concurrency of [1, 16]) {
  await Promise.all([theirs(concurrency), ours(concurrency)])
  const found = { ours: [], theirs: [] }
  for (let round = 0; round < Number(values.rounds); round += 1) {
    found.theirs.push(await theirs(concurrency))
    found.ours.push(await ours(concurrency))
  }
  for (const clock of ['wall', 'cpu']) {
    const [a, b] = [found.ours, found.theirs].map((figures) => figures.map((figure) => figure[clock]))
    const least = Math.min(...a) - Math.min(...b)
    console.log(
      `concurrency ${concurrency} (${clock}): limi ${median(a).toFixed(2)} ms, bare ${median(b).toFixed(2)} ms, overhead ${(median(a) - median(b)).toFixed(2)} ms a rollout (best of each ${least.toFixed(2)})`,
    )
  }
}
