import { done, failed, type Failure, type Result } from '../../nouns/index.js'

export interface ExecuteOptions {
  readonly cwd?: string
  readonly env?: Record<string, string>
  readonly signal?: AbortSignal
  readonly timeoutMs?: number
}

interface Executed {
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program to its end. A failure holds the last lines it printed and, where they are known, what they mean. */
export async function execute(
  program: string,
  args: readonly string[],
  options: ExecuteOptions = {},
): Promise<Result<Executed>> {
  // Loaded where it is needed: most commands run no program, and it takes a tenth of their start.
  const { execa } = await import('execa')
  const ended = await execa(program, args, {
    cwd: options.cwd,
    env: options.env,
    cancelSignal: options.signal,
    timeout: options.timeoutMs,
    stdin: 'ignore',
    reject: false,
  })
  if (!ended.failed) return done({ stdout: ended.stdout, stderr: ended.stderr })
  if (ended.isCanceled) return failed(interrupted(`${program} was stopped`))
  const printed = `${ended.stdout}\n${ended.stderr}`
  const message = ended.timedOut
    ? `${program} did not end in time`
    : lastLines(printed, 12) || (ended.shortMessage ?? '')
  return failed(explain(message, printed, [program, ...args.slice(0, 2)].join(' ')))
}

export const interrupted = (message: string): Failure => ({
  kind: 'interrupted',
  code: 'interrupted',
  message,
  remedy: 'run the same command again: finished work is kept',
})

function lastLines(text: string, count: number): string {
  return text.trim().split('\n').slice(-count).join('\n')
}

const NETWORK =
  /failed to fetch|dns error|error sending request|name resolution|NewConnectionError|ConnectionError|Max retries exceeded|Network is unreachable|LocalEntryNotFound|OfflineModeIsEnabled/i
const DISK =
  /No space left on device|os error 28|ENOSPC|Errno 28|Disk quota exceeded|PytorchStreamWriter failed writing|inline_container\S* \. unexpected pos/i

/** What a Python program's last words mean, as a failure with a remedy. */
export function explain(message: string, printed: string, where: string): Failure {
  if (DISK.test(printed)) {
    const remedy = 'free some space, then run the same command again: finished work is kept'
    return { kind: 'underway', code: 'disk.full', message, where, remedy }
  }
  if (NETWORK.test(printed)) {
    const remedy =
      'connect to the network (or set PIP_INDEX_URL to a mirror you can reach) and run the same command again'
    return { kind: 'missing', code: 'network.unreachable', message, where, remedy }
  }
  return { kind: 'underway', code: 'process.failed', message, where }
}
