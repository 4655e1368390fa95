import {
  RequestError,
  type CreateTerminalRequest,
  type TerminalExitStatus,
  type TerminalOutputResponse,
} from '@agentclientprotocol/sdk'
import type { ProcessSpec, SandboxProcess } from '../../sandboxes/index.js'
import { placeIn, refusing } from './places.js'

/** At work or not yet released at the same time. */
const MOST = 32
/** Bytes of output kept, where the agent says nothing, and whatever it says. */
const [KEPT, MOST_KEPT] = [1 << 20, 4 << 20]

interface Terminal {
  readonly process: SandboxProcess
  output(): TerminalOutputResponse
  readonly ended: Promise<TerminalExitStatus>
}

/** Commands that an agent has run for it, in the sandbox that it works in itself. */
export class Terminals {
  readonly #spawn: (spec: ProcessSpec) => Promise<SandboxProcess>
  readonly #open = new Map<string, Terminal>()
  #made = 0
  #starting = 0

  constructor(spawn: (spec: ProcessSpec) => Promise<SandboxProcess>) {
    this.#spawn = spawn
  }

  /** `terminal/create`. A command without words of its own is a shell's line. */
  async create(request: CreateTerminalRequest): Promise<{ terminalId: string }> {
    const { command, outputByteLimit } = request
    if (this.#open.size + this.#starting >= MOST)
      throw RequestError.invalidParams({ command }, `${MOST} terminals are open: release some`)
    this.#starting += 1
    try {
      const process = await this.#start(request)
      const id = `t${++this.#made}`
      this.#open.set(id, terminalOf(process, Math.min(outputByteLimit ?? KEPT, MOST_KEPT)))
      return { terminalId: id }
    } finally {
      this.#starting -= 1
    }
  }

  async #start({ command, args, env, cwd }: CreateTerminalRequest): Promise<SandboxProcess> {
    const words =
      args === undefined || args.length === 0 ? (['bash', '-c', command] as const) : ([command, ...args] as const)
    const variables = Object.fromEntries((env ?? []).map(({ name, value }) => [name, value]))
    const place = cwd == null ? {} : { cwd: placeIn(cwd) }
    const process = await refusing(cwd ?? '.', () => this.#spawn({ command: words, env: variables, ...place }))
    process.stdin.on('error', () => undefined)
    process.stdin.end()
    return process
  }

  output = (id: string): TerminalOutputResponse => this.#find(id).output()
  waitForExit = (id: string): Promise<TerminalExitStatus> => this.#find(id).ended

  kill(id: string): object {
    this.#find(id).process.kill()
    return {}
  }

  release(id: string): object {
    this.#find(id).process.kill()
    this.#open.delete(id)
    return {}
  }

  async close(): Promise<void> {
    const all = [...this.#open.values()]
    for (const { process } of all) process.kill()
    await Promise.allSettled(all.map(({ ended }) => ended))
  }

  #find(id: string): Terminal {
    const found = this.#open.get(id)
    if (found === undefined) throw RequestError.resourceNotFound(`terminal ${id}`)
    return found
  }
}

/** Both streams as they come; beyond the limit the beginning is let go. */
function terminalOf(process: SandboxProcess, limit: number): Terminal {
  const output = new Tail(limit)
  let exitStatus: TerminalExitStatus | undefined
  process.stdout.on('data', (chunk: Buffer) => output.add(chunk))
  process.stderr.on('data', (chunk: Buffer) => output.add(chunk))
  const ended = process.ended.then(
    ({ exitCode }) => (exitStatus = exitCode === null ? KILLED : { exitCode, signal: null }),
    () => (exitStatus = KILLED),
  )
  return {
    process,
    ended,
    output: () => ({ ...output.text(), ...(exitStatus === undefined ? {} : { exitStatus }) }),
  }
}

const KILLED: TerminalExitStatus = { exitCode: null, signal: 'SIGKILL' }

/** The last bytes of what came. */
class Tail {
  readonly #limit: number
  readonly #chunks: Buffer[] = []
  #bytes = 0
  #isCut = false

  constructor(limit: number) {
    this.#limit = limit
  }

  add(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#bytes += chunk.length
    for (let first = this.#chunks[0]; first !== undefined && this.#bytes - first.length >= this.#limit;) {
      this.#bytes -= first.length
      this.#isCut = true
      this.#chunks.shift()
      first = this.#chunks[0]
    }
  }

  /** Without the rest of a character that was cut. */
  text(): { readonly output: string; readonly truncated: boolean } {
    const all = Buffer.concat(this.#chunks)
    const truncated = this.#isCut || all.length > this.#limit
    let at = Math.max(0, all.length - this.#limit)
    if (truncated) while (((all[at] ?? 0) & 0xc0) === 0x80) at += 1
    return { output: all.toString('utf8', at), truncated }
  }
}
