// What may stand between an agent and its model, each a process of its own.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const here = path.dirname(fileURLToPath(import.meta.url))
export const folder = mkdtempSync(path.join(tmpdir(), 'limi-bench-'))
const children = []
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

function start(program, args, env = {}) {
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'inherit'] })
  children.push(child)
  return child
}

/** A program that prints one line when it is ready. */
function told(program, args) {
  const child = start(program, args)
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${program} ended with ${code}`)))
    child.stdout.once('data', (text) => resolve({ line: String(text).trim(), child }))
  })
}

export async function startUpstream() {
  const { line } = await told(process.execPath, [path.join(here, 'upstream.mjs'), 'serve'])
  return `http://127.0.0.1:${line}`
}

export async function startLimi(upstream) {
  const { line, child } = await told(process.execPath, [path.join(here, 'limi.mjs'), upstream, folder])
  const close = () =>
    new Promise((resolve) => {
      child.stdout.once('data', (text) => resolve(JSON.parse(String(text))))
      child.stdin.end()
    })
  return { name: 'limi', url: line, pid: child.pid, close }
}

/** Megabytes that the command itself holds while an agent does nothing. */
export async function commandIdle() {
  const dist = process.env.LIMI_DIST ?? path.resolve(here, '../../dist')
  const limi = (...words) =>
    spawn(process.execPath, [path.join(dist, 'cli/limi.js'), ...words], { cwd: folder, stdio: 'ignore' })
  await new Promise((resolve) => limi('init').once('close', resolve))
  const child = limi('record', '--outcome', 'unknown', '--', 'sleep', '5')
  await new Promise((resolve) => setTimeout(resolve, 3000))
  const megabytes = memoryOf(child.pid)
  await new Promise((resolve) => child.once('close', resolve))
  return megabytes
}

export async function startTee(upstream) {
  const { line, child } = await told(process.execPath, [path.join(here, 'tee.mjs'), upstream])
  return { name: 'a bare tee in Node', url: `http://127.0.0.1:${line}/v1`, pid: child.pid }
}

export async function startLitellm(python, upstream) {
  const port = await freePort()
  const config = path.join(folder, 'litellm.yaml')
  const parameters = `{ model: openai/m, api_base: '${upstream}/v1', api_key: none }`
  writeFileSync(config, `model_list:\n  - { model_name: m, litellm_params: ${parameters} }\n`)
  const code = 'from litellm import run_server; run_server()'
  const env = { LITELLM_LOG: 'ERROR', LITELLM_DANGEROUSLY_PERMIT_WEAK_OR_UNSET_MASTER_KEY: 'true' }
  const child = start(python, ['-c', code, '--config', config, '--port', `${port}`], env)
  child.stdout.resume()
  return ready({ name: 'litellm', url: `http://127.0.0.1:${port}/v1`, pid: child.pid }, '/models')
}

export async function startMitmdump(program, upstream) {
  const port = await freePort()
  const flows = path.join(folder, 'flows')
  const options = [
    '-q',
    '--mode',
    `reverse:${upstream}`,
    '-p',
    `${port}`,
    '-w',
    flows,
    '--set',
    'stream_large_bodies=1',
  ]
  const child = start(program, [...options, '--set', `confdir=${folder}`])
  child.stdout.resume()
  return ready({ name: 'mitmproxy', url: `http://127.0.0.1:${port}/v1`, pid: child.pid }, '/models')
}

async function ready(way, path) {
  for (let attempt = 0; attempt < 600; attempt += 1) {
    const answer = await fetch(`${way.url}${path}`).catch(() => null)
    if (answer !== null) return way
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error(`${way.name} does not answer`)
}

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })
}

/** Megabytes that a process holds. */
export function memoryOf(pid) {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Math.round(Number(kilobytes) / 1000)
}
