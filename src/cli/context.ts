import { setMaxListeners } from 'node:events'
import type { Command } from 'commander'
import type { Failure, FailureKind, Result } from '../nouns/index.js'
import type { Run } from '../pipeline/run.js'
import type { Project } from '../shared/project/index.js'

/** What a command made: a JSON document, the text for a person, and whether the answer is no (exit code 1). */
export interface Answer {
  /** Undefined where the command printed its document itself. */
  readonly data: unknown
  readonly text: string
  readonly no?: boolean
  /** Why nothing was done at all, where the document says more than that. */
  readonly failure?: Failure
  /** The text has colours of our own, which reach the terminal; what it quotes is harmless already. */
  readonly coloured?: boolean
}

/** What a command ends with when it went well. */
export const answer = (given: Answer): Result<Answer> => ({ ok: true, value: given })

/** What every command is given. Progress and warnings go to stderr, so that stdout holds the answer alone. */
export interface Context {
  readonly signal: AbortSignal
  readonly json: boolean
  readonly say: (line: string) => void
  readonly warn: (line: string) => void
  readonly openProject: () => Promise<Result<Project>>
  /** While this work goes on, Ctrl-C and a closed terminal are another program's affair; SIGTERM still stops the command. */
  readonly handOver: <T>(work: () => Promise<T>) => Promise<T>
}

/** Runs an action as the project's one writer; where another process writes, `lock.held` says who. */
export async function asWriter<T>(
  context: Context,
  command: string,
  action: (run: Run) => Promise<Result<T>>,
): Promise<Result<T>> {
  const project = await context.openProject()
  if (!project.ok) return project
  const { takeLock } = await import('../shared/project/index.js')
  const lock = await takeLock(project.value.paths.lock, `limi ${command}`)
  if (!lock.ok) return lock
  try {
    return await action({ project: project.value, signal: context.signal, say: context.say, warn: context.warn })
  } finally {
    await lock.value.release()
  }
}

export interface GlobalOptions {
  readonly json?: boolean
  readonly verbose?: boolean
  readonly project?: string
}

/** Names and messages may come from hostile files: only line ends and tabs reach the terminal, the rest is shown as `\xNN`. */
export const harmless = (text: string): string =>
  text.replace(/[^\P{Cc}\n\t]/gu, (character) => `\\x${hexOf(character)}`)

/** {@link harmless}, save for sequences that set a colour. */
const harmlessInColour = (text: string): string =>
  text.replace(/\p{Cc}\[[\d;]*m|[^\P{Cc}\n\t]/gu, (found) => (found.startsWith('\u001b[') ? found : harmless(found)))

/** JSON text whose control characters are all escaped: JSON itself lets those from U+007F on stand as they are. */
export const harmlessJson = (text: string): string =>
  text.replace(/[^\P{Cc}\n\t]/gu, (character) => `\\u00${hexOf(character)}`)

const hexOf = (character: string): string => (character.codePointAt(0) ?? 0).toString(16).padStart(2, '0')

const EXIT: Record<FailureKind, number> = { input: 2, missing: 3, underway: 4, interrupted: 130 }

/** Adds the options that every command has. */
export function withGlobals(command: Command): Command {
  return command
    .option('--json', 'print one JSON document on stdout and nothing else')
    .option('--project <dir>', 'the project folder', '.')
    .option('--verbose', 'show the stack of an unexpected error')
}

/** Runs a command's action and turns what comes back into output and an exit code. */
export async function execute(
  options: GlobalOptions,
  action: (context: Context) => Promise<Result<Answer>>,
): Promise<void> {
  const { context, stop } = contextFor(options)
  try {
    const result = await action(context)
    if (result.ok) print(result.value, options)
    else report(context.signal.aborted ? interrupted(result.failure) : result.failure, options)
  } catch (error) {
    const failure = await failureIn(error)
    if (failure !== null) report(context.signal.aborted ? interrupted(failure) : failure, options)
    else if (context.signal.aborted) report(interrupted(), options)
    else crash(error, options)
  } finally {
    stop()
  }
}

/** The failure that an error carries; null for a bug. The nouns load here only, so that `--help` starts at once. */
async function failureIn(error: unknown): Promise<Failure | null> {
  const { FailureError } = await import('../nouns/index.js')
  return error instanceof FailureError ? error.failure : null
}

function contextFor(options: GlobalOptions): { context: Context; stop: () => void } {
  const controller = new AbortController()
  // As many rollouts listen as are at work at once; that is no leak.
  setMaxListeners(0, controller.signal)
  let handedOver = false
  const onSignal = (signal: NodeJS.Signals): void => {
    if (handedOver && signal !== 'SIGTERM') return
    if (controller.signal.aborted) process.exit(130)
    process.stderr.write('\nstopping; what is finished is kept (again to stop at once)\n')
    controller.abort()
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  const say = (line: string): void => void process.stderr.write(`${harmless(line)}\n`)
  const context: Context = {
    signal: controller.signal,
    json: options.json ?? false,
    say,
    warn: (line) => say(`warning: ${line}`),
    openProject: async () => {
      const { openProject } = await import('../shared/project/index.js')
      const opened = await openProject(options.project ?? '.')
      if (opened.ok) for (const line of opened.value.warnings) context.warn(line)
      return opened
    },
    handOver: async (work) => {
      handedOver = true
      process.on('SIGHUP', onSignal)
      try {
        return await work()
      } finally {
        handedOver = false
        process.off('SIGHUP', onSignal)
      }
    },
  }
  return {
    context,
    stop: () => {
      process.off('SIGINT', onSignal)
      process.off('SIGTERM', onSignal)
    },
  }
}

function print(answer: Answer, options: GlobalOptions): void {
  if (answer.failure !== undefined) {
    if (options.json === true) printJson({ ...(answer.data as object), error: answer.failure })
    process.stderr.write(harmless(describeFailure(answer.failure)))
    process.exitCode = EXIT[answer.failure.kind]
    return
  }
  if (options.json === true && answer.data === undefined) return
  if (options.json === true) printJson(answer.data)
  else process.stdout.write(ensureNewline((answer.coloured === true ? harmlessInColour : harmless)(answer.text)))
  process.exitCode = answer.no === true ? 1 : 0
}

/** The one document on stdout, harmless on a terminal. */
export const printJson = (value: unknown): void =>
  void process.stdout.write(`${harmlessJson(JSON.stringify(value, null, 2))}\n`)

const ensureNewline = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`)

function report(failure: Failure, options: GlobalOptions): void {
  if (options.json === true) printJson({ error: failure })
  process.stderr.write(harmless(describeFailure(failure)))
  process.exitCode = EXIT[failure.kind]
}

/** What, where, and what to do. */
export function describeFailure(failure: Failure): string {
  const where = failure.where === undefined ? '' : `\n  where: ${failure.where}`
  const remedy = failure.remedy === undefined ? '' : `\n  to do: ${failure.remedy}`
  return `limi: ${failure.message} (${failure.code})${where}${remedy}\n`
}

/** What was stopped says itself how it goes on, where it says anything; a failure of another kind is only what the stop left behind. */
const interrupted = (by?: Failure): Failure => ({
  kind: 'interrupted',
  code: 'interrupted',
  message: 'stopped before the end',
  remedy: (by?.kind === 'interrupted' ? by.remedy : undefined) ?? 'run the same command again: it goes on from here',
})

function crash(error: unknown, options: GlobalOptions): void {
  const text = error instanceof Error ? error.message : String(error)
  if (options.json === true) {
    const failure: Failure = { kind: 'underway', code: 'limi.fault', message: text }
    printJson({ error: failure })
  }
  const stack = options.verbose === true && error instanceof Error ? `${error.stack ?? ''}\n` : ''
  const hint = options.verbose === true ? '' : '; run again with --verbose for the stack'
  process.stderr.write(harmless(`limi: a fault of limi's own: ${text}${hint}\n${stack}`))
  process.exitCode = 4
}
