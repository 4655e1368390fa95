import { CommanderError, type Command } from 'commander'
import type { Failure } from '../nouns/index.js'
import { printJson } from './context.js'

/** Makes wrong usage of a command, or of one inside it, an error for {@link endUsage} that points at the help of that very command. */
export function tellWrongUsage(command: Command): void {
  // Commander ends a subcommand's wrong usage with exit code 1 unless each is told to leave that to its caller.
  command.exitOverride().showHelpAfterError(`(limi ${pathOf(command)}--help says how it is used)`)
  command.hook('preSubcommand', refuseStray)
  command.commands.forEach(tellWrongUsage)
}

function pathOf(command: Command): string {
  return command.parent === null ? '' : `${pathOf(command.parent)}${command.name()} `
}

/** An option before the name of a subcommand is the outer command's, which does not run: without this it would be dropped in silence. */
function refuseStray(outer: Command, inner: Command): void {
  const stray = outer.options.find((option) => outer.getOptionValueSource(option.attributeName()) === 'cli')
  if (stray === undefined) return
  const takes = inner.options.some(({ long }) => long === stray.long)
  const told = takes ? `write it behind '${inner.name()}'` : `'${pathOf(inner).trim()}' does not take it`
  inner.error(`error: option '${stray.flags}' stands before '${inner.name()}' and would be ignored: ${told}`)
}

/** Ends as Commander's own exits ask (help, version: 0; wrong usage: 2, which Commander told on stderr). */
export function endUsage(error: unknown, args: readonly string[]): void {
  if (!(error instanceof CommanderError)) throw error
  process.exitCode = error.exitCode === 0 ? 0 : 2
  if (error.exitCode === 0 || !asksForJson(args)) return
  const message = error.code === 'commander.help' ? 'a command is missing' : error.message.replace(/^error: /u, '')
  const failure: Failure = { kind: 'input', code: 'usage', message, remedy: 'the same with --help says how it is used' }
  printJson({ error: failure })
}

/** Where usage is wrong nothing was parsed; what follows `--` is no option. */
const asksForJson = (args: readonly string[]): boolean =>
  args.slice(0, args.includes('--') ? args.indexOf('--') : undefined).includes('--json')
