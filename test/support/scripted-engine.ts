import { chmod, mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { requirementsOf } from '../../src/shared/python/assets.js'

/** What the stand-in does: its step N has loss 2/N and takes `delayMs`; at `failAt` its loss is not finite. */
export interface EngineScript {
  readonly delayMs?: number
  readonly failAt?: number
}

/**
 * A cache whose engine environment has a program of ours for an interpreter: a real process that speaks to limi as `run_sft.py` does, keeps
 * checkpoints, saves on SIGINT, resumes, and ends when limi does. Returns the cache's folder, for LIMI_CACHE.
 */
export async function writeScriptedEngine(place: string, script: EngineScript = {}): Promise<string> {
  const cache = path.join(place, 'cache of the test')
  const root = path.join(cache, 'engines', 'trl')
  await mkdir(path.join(root, 'bin'), { recursive: true })
  const { digest: requirements } = await requirementsOf('trl')
  const manifest = { format: 'limi.environment/1', requirements, versions: { trl: 'scripted' }, backend: 'none' }
  await writeFile(path.join(root, 'manifest.json'), JSON.stringify(manifest))
  await rescript(cache, script)
  const python = path.join(root, 'bin', 'python')
  await writeFile(python, PROGRAM)
  await chmod(python, 0o755)
  return cache
}

/** Another behaviour from the next start on. */
export const rescript = (cache: string, script: EngineScript): Promise<void> =>
  writeFile(path.join(cache, 'engines', 'trl', 'script.json'), JSON.stringify(script))

const PROGRAM = `#!${process.execPath}
const fs = require('node:fs')
const path = require('node:path')
const args = process.argv.slice(2)
if (args.some((each) => each.endsWith('probe.py'))) {
  console.log(JSON.stringify({ versions: { trl: 'scripted' }, problems: [] }))
  process.exit()
}
const { delayMs = 1, failAt } = JSON.parse(fs.readFileSync(path.join(__dirname, '..', 'script.json'), 'utf8'))
const option = (name) => Number(new RegExp('^' + name + ': (.*)$', 'm').exec(fs.readFileSync('run.yaml', 'utf8'))?.[1])
const [steps, saveEvery] = [option('max_steps'), option('save_steps')]
const resumed = args[args.indexOf('--resume_from_checkpoint') + 1]
const from = args.includes('--resume_from_checkpoint') ? Number(/checkpoint-(\\d+)$/.exec(resumed)[1]) : 0
const send = (event) => fs.writeSync(3, JSON.stringify(event) + '\\n')
const points = (upTo) => Array.from({ length: upTo }, (_, i) => ({ step: i + 1, loss: 2 / (i + 1), learning_rate: 0.001 / (i + 1) }))
const save = (step) => {
  const folder = path.join('output', 'checkpoint-' + step)
  fs.mkdirSync(folder, { recursive: true })
  const log_history = points(step).map((one) => ({ ...one, num_tokens: one.step * 10 }))
  fs.writeFileSync(path.join(folder, 'trainer_state.json'), JSON.stringify({ global_step: step, log_history }))
  send({ event: 'saved', step })
}
let stopping = false
process.on('SIGINT', () => { stopping = true })
process.stdin.on('data', () => {}).on('end', () => process.kill(process.pid, 'SIGKILL'))
const end = (code) => process.exit(code)
async function main() {
  send({ event: 'start', steps, from, threads: 1, device: 'cpu' })
  for (let step = from + 1; step <= steps; step += 1) {
    await new Promise((resolve) => setTimeout(resolve, delayMs))
    if (step === failAt) {
      send({ event: 'failed', code: 'not-finite', message: 'the loss is not finite', step })
      end(20)
    }
    send({ event: 'step', step, loss: 2 / step, learning_rate: 0.001 / step, tokens: step * 10, memory: 1e9 + step })
    if (stopping) { save(step); send({ event: 'interrupted', step }); end(130) }
    if (step % saveEvery === 0 && step < steps) save(step)
  }
  const held_out = fs.existsSync('held-out.jsonl') ? [{ step: steps, loss: 0.5 }] : undefined
  if (held_out) send({ event: 'held-out', ...held_out[0] })
  fs.mkdirSync('output', { recursive: true })
  fs.writeFileSync('output/model.safetensors', 'trained in ' + steps)
  fs.writeFileSync('output/config.json', '{}')
  send({ event: 'end', steps, tokens: steps * 10, curve: points(steps), held_out })
  end(0)
}
main()
`
