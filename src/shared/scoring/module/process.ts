import { spawn } from 'node:child_process'
import path from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { done, failed, type Failure, type Result } from '../../../nouns/index.js'
import type { Request } from './protocol.js'
import { MAX_OUTPUT, PRINTED_TOO_MUCH } from './output.js'
import { placeIn } from './place.js'
import { shellArguments } from './start.js'

const TAIL = 8 << 10

export interface Allowance {
  readonly seconds: number
  /** Bytes of the answer. */
  readonly bytes: number
}

/** A process of a benchmark's module. It answers one request at a time; after a failure it is gone. */
export interface ModuleProcess {
  readonly isAlive: () => boolean
  ask(request: Request, allowance: Allowance): Promise<Result<unknown>>
  end(): void
}

const live = new Set<ModuleProcess>()
let watching = false

/** Starts the process; it never outlives limi. */
export function startProcess(module: string): ModuleProcess {
  const child = spawn('/bin/sh', shellArguments(module), {
    stdio: ['pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
    env: { TZ: 'UTC', LANG: 'C.UTF-8', JITI_FS_CACHE: 'false' },
    cwd: path.dirname(module),
    detached: true,
  })
  const [lifeline, stdout, stderr, requests, answers] = child.stdio as unknown as [
    Writable,
    Readable,
    Readable,
    Writable,
    Readable,
  ]
  let alive = true
  let settle: ((result: Result<unknown>) => void) | null = null
  let allowed = 0
  let [printed, tail, pieces, received] = [0, '', [] as Buffer[], 0]

  const end = (): void => {
    if (alive && child.pid !== undefined) killGroup(child.pid)
    alive = false
    live.delete(self)
  }
  const give = (result: Result<unknown>): void => {
    if (!result.ok) end()
    settle?.(result)
    settle = null
  }
  const hear = (chunk: Buffer): void => {
    printed += chunk.length
    tail = (tail + chunk.toString('utf8')).slice(-TAIL)
    if (printed > MAX_OUTPUT) give(failed(tooMuchPrinted(module)))
  }
  const receive = (chunk: Buffer): void => {
    received += chunk.length
    if (received > allowed) {
      give(failed(fault('scorer.output', `its answer has more than ${allowed} bytes`, module)))
      return
    }
    const at = chunk.indexOf(10)
    pieces.push(at < 0 ? chunk : chunk.subarray(0, at))
    if (at >= 0) give(parsed(Buffer.concat(pieces).toString('utf8'), module))
  }

  for (const stream of [lifeline, stdout, stderr, requests, answers]) stream.on('error', () => undefined)
  for (const stream of [stdout, stderr]) stream.on('data', hear)
  answers.on('data', receive)
  // The shell waits for this, and then tells how the process ended.
  answers.on('close', () => lifeline.end())
  child.on('error', (error) => give(failed(fault('scorer.died', `it could not be started: ${error.message}`, module))))
  // A module that ends the shell is left without one.
  child.on('exit', () => child.pid !== undefined && killGroup(child.pid))
  child.on('close', (code) => {
    give(failed(deathOf(code, tail, module)))
    end()
  })

  const self: ModuleProcess = {
    isAlive: () => alive,
    end,
    ask(request, { seconds, bytes }) {
      if (!alive) return Promise.resolve(failed(fault('scorer.died', 'its process has ended', module)))
      ;[printed, tail, pieces, received, allowed] = [0, '', [], 0, bytes]
      return new Promise((resolve) => {
        const late = fault('scorer.timeout', `it did not end within ${seconds} seconds`, module)
        const timer = setTimeout(() => give(failed(late)), seconds * 1000)
        settle = (result) => {
          clearTimeout(timer)
          resolve(result)
        }
        requests.write(`${JSON.stringify(request)}\n`)
      })
    },
  }
  live.add(self)
  endWithLimi()
  return self
}

function parsed(line: string, module: string): Result<unknown> {
  try {
    return done(JSON.parse(line) as unknown)
  } catch {
    return failed(fault('scorer.invalid', 'its answer is no JSON', module))
  }
}

/** A shell says 128 and the signal's number: 134 is an abort, which is how V8 ends where memory does. */
function deathOf(code: number | null, tail: string, module: string): Failure {
  if (code === PRINTED_TOO_MUCH) return tooMuchPrinted(module)
  if (/out of memory|allocation failed/i.test(tail)) return tooMuchMemory(module)
  const how = code === null || code > 128 ? 'was ended' : `ended with exit code ${code}`
  return fault('scorer.died', `it ${how} before it answered${lastWords(tail)}`, module)
}

/** What Node says of an error that nobody caught, with its place in the module; else the last line. */
function lastWords(tail: string): string {
  const lines = tail.trim().split('\n')
  const at = lines.findLastIndex((line) => /^(?:Uncaught )?\w*Error\b/.test(line))
  const said = (lines[at] ?? lines.at(-1) ?? '').slice(0, 300)
  const place = at < 0 ? null : placeIn(lines.slice(at).join('\n'))
  return `${said === '' ? '' : `: ${said}`}${place === null ? '' : ` (${place})`}`
}

/** What may be of the moment, with the machine at its limits: worth another try. The rest would fail again. */
const OF_THE_MOMENT: ReadonlySet<string> = new Set(['scorer.timeout', 'scorer.memory', 'scorer.died'])

/** What went wrong in a module, in words that follow "the scorer". */
export const fault = (code: `scorer.${string}`, message: string, module: string): Failure => ({
  kind: OF_THE_MOMENT.has(code) ? 'underway' : 'input',
  code,
  message: `the benchmark's module failed: ${message}`,
  where: module,
  remedy: 'correct the module; docs/evaluation.md says what it may do and how long',
})

const tooMuchPrinted = (module: string): Failure =>
  fault('scorer.output', `it printed more than ${MAX_OUTPUT} bytes`, module)

export const tooMuchMemory = (module: string): Failure =>
  fault('scorer.memory', 'it needed more memory than a scorer may have', module)

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended already.
  }
}

function endWithLimi(): void {
  if (watching) return
  watching = true
  process.once('exit', () => {
    for (const each of live) each.end()
  })
}
