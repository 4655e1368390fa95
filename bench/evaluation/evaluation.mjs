// Milliseconds a trial, and to start, of `limi eval run` in the virtual sandbox and of Inspect AI with its mock model, in turns.
// Usage: node bench/evaluation/evaluation.mjs --python PYTHON [--samples 300] [--rounds 3]
// PYTHON has inspect-ai installed. Needs dist/. A plain sample is one answer, one with a tool is a shell command and an answer.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    python: { type: 'string' },
    samples: { type: 'string', default: '300' },
    rounds: { type: 'string', default: '3' },
  },
})
if (values.python === undefined) throw new Error('--python PYTHON')
const samples = Number(values.samples)
const here = path.dirname(fileURLToPath(import.meta.url))
const limi = path.resolve(here, '../../dist/cli/limi.js')
const root = mkdtempSync(path.join(os.tmpdir(), 'limi-bench-evaluation-'))

const REPLIES = { plain: ['Done.'], tool: ['```bash\necho 3 > count.txt\n```', 'Done.'] }

function makeProject() {
  const agents = { plain: agentOf('plain'), tool: agentOf('tool') }
  writeFileSync(path.join(root, 'limi.yaml'), JSON.stringify({ name: 'bench', agents }))
  for (const [kind, replies] of Object.entries(REPLIES)) {
    writeFileSync(
      path.join(root, `${kind}.jsonl`),
      `${JSON.stringify({ replies: replies.map((text) => ({ text })) })}\n`,
    )
  }
  for (const count of [1, samples]) makeTasks(path.join(root, `tasks-${count}`), count)
}

const agentOf = (kind) => ({ kind: 'built-in', actions: 'fenced', model: `script:${kind}.jsonl` })

function makeTasks(folder, count) {
  mkdirSync(folder)
  for (let at = 0; at < count; at += 1) {
    const query = {
      format: 'limi.query/1',
      id: `task-${at}`,
      request: `Count the lines of file ${at}.`,
      split: 'heldout',
      start: { files: {} },
      scoring: { kind: 'checks', checks: [{ kind: 'answer', id: 'done', contains: 'Done.' }] },
      source: { kind: 'person' },
    }
    writeFileSync(path.join(folder, `task-${at}.yaml`), JSON.stringify(query))
  }
}

let runs = 0
/** Seconds of a whole process: by the clock, and of CPU time. */
function timed(program, args) {
  const ended = spawnSync('/usr/bin/time', ['-f', '%e %U %S', program, ...args], { cwd: root, encoding: 'utf8' })
  if (ended.status !== 0) throw new Error(`${program} ${args.join(' ')}: ${ended.stderr.slice(-2000)}`)
  const [wall, user, system] = ended.stderr.trim().split('\n').at(-1).split(' ').map(Number)
  return { wall, cpu: user + system }
}

const SIDES = {
  limi(kind, count) {
    runs += 1
    const plan = ['--agent', kind, '--rounds', '1', '--id', `run-${runs}`, '--json']
    return timed(process.execPath, [limi, 'eval', 'run', `./tasks-${count}`, ...plan])
  },
  inspect: (kind, count) =>
    timed(values.python, [path.join(here, 'peer.py'), kind, String(count), path.join(root, 'logs')]),
}

const best = (figures, of) => Math.min(...figures.map(of))

/** The best of all rounds: start-up is a run of one sample, a trial is what each further one adds. */
function summed(found) {
  const of = (clock) => {
    const start = best(found.one, (figure) => figure[clock])
    return { start: 1000 * start, trial: (1000 * (best(found.all, (figure) => figure[clock]) - start)) / (samples - 1) }
  }
  return { wall: of('wall'), cpu: of('cpu') }
}

makeProject()
try {
  for (const kind of Object.keys(REPLIES)) {
    const found = { limi: { one: [], all: [] }, inspect: { one: [], all: [] } }
    for (let round = 0; round < Number(values.rounds); round += 1) {
      for (const [side, run] of Object.entries(SIDES)) {
        found[side].one.push(run(kind, 1))
        found[side].all.push(run(kind, samples))
      }
    }
    const [ours, peers] = [summed(found.limi), summed(found.inspect)]
    for (const clock of ['wall', 'cpu']) {
      for (const part of ['start', 'trial']) {
        const [a, b] = [ours[clock][part], peers[clock][part]]
        console.log(
          `${kind} ${part} (${clock}): limi ${a.toFixed(1)} ms, Inspect ${b.toFixed(1)} ms, ratio ${(b / a).toFixed(1)}`,
        )
      }
    }
  }
} finally {
  rmSync(root, { recursive: true, force: true })
}
