import { Command, Option } from 'commander'
import type { RecordedSession, RecordPlan } from '../pipeline/trajectories/recording/index.js'
import { answer, execute, withGlobals, type Context, type GlobalOptions } from './context.js'
import { count } from './options.js'

interface RecordOptions extends GlobalOptions {
  readonly query?: string
  readonly workspace?: string
  readonly rounds: number
  readonly upstream?: string
  readonly agent?: string
  readonly outcome?: RecordPlan['outcome']
  readonly note?: string
  readonly printEnv?: boolean
}

export function recordCommand(): Command {
  return withGlobals(new Command('record'))
    .description(
      'records a session of any agent, which runs on this terminal as always; what it and its model say is kept exactly',
    )
    .argument('[command...]', 'the agent and its arguments, after --')
    .option('--query <id>', 'a query to work on: its workspace is prepared first, and scored at the end of each round')
    .option('--workspace <dir>', "where the query's workspace is made; in the recording's own folder where not given")
    .option('--rounds <n>', 'rounds on a query, while its score does not pass', count, 3)
    .option('--upstream <model>', "a model that answers in place of the agent's own, or the base URL of its API")
    .option('--agent <name>', 'which agent it is, where the name of its program does not say so')
    .addOption(
      new Option('--outcome <outcome>', 'how it went, in place of being asked').choices([
        'success',
        'failure',
        'unknown',
      ]),
    )
    .option('--note <text>', 'a note for whoever reviews it, in place of being asked')
    .option('--print-env', 'only show what a program started elsewhere needs, and record until Ctrl-C')
    .addHelpText(
      'after',
      '\nExample:\n  limi record -- claude\n  limi record --query fix-the-parser --outcome success -- codex exec "fix the parser"\n  limi record --upstream checkpoint:curated -- qwen',
    )
    .action((command: string[], options: RecordOptions) =>
      execute(options, (context) => record(command, options, context)),
    )
}

async function record(command: readonly string[], options: RecordOptions, context: Context) {
  const project = await context.openProject()
  if (!project.ok) return project
  const { recordProject } = await import('../pipeline/trajectories/recording/index.js')
  const { query, workspace, rounds, upstream, agent, outcome, note, printEnv = false } = options
  const run = { project: project.value, signal: context.signal, say: context.say, warn: context.warn }
  const plan: RecordPlan = {
    command,
    query,
    workspace,
    rounds,
    upstream,
    agent,
    outcome,
    note,
    printEnv,
    json: context.json,
  }
  const recorded = await recordProject(run, plan, context.handOver)
  if (!recorded.ok) return recorded
  const { exitCode, ...data } = recorded.value
  return answer({ data: { ...data, exitCode }, text: textOf(recorded.value), no: data.messages === 0 })
}

function textOf({ trajectory, threads, messages, toolCalls, asides, complete, outcome }: RecordedSession): string {
  const counts = `${messages} messages, ${toolCalls} tool calls, ${threads} threads, ${asides} asides`
  const state = complete ? outcome : `${outcome}, incomplete`
  return `${trajectory}: ${counts} (${state})\nlimi trajectories show ${trajectory}`
}
