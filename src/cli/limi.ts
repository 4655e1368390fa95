#!/usr/bin/env node
import { Command } from 'commander'
import { limiVersion } from '../shared/version/index.js'
import { collectCommand } from './collect.js'
import { compareCommand } from './compare.js'
import { endUsage } from './context.js'
import { curateCommand } from './curate.js'
import { datasetCommand } from './dataset.js'
import { demoCommand } from './demo.js'
import { doctorCommand } from './doctor.js'
import { evalCommand } from './eval.js'
import { initCommand } from './init.js'
import { queriesCommand } from './queries.js'
import { runCommand } from './run.js'
import { serveCommand } from './serve.js'
import { statusCommand } from './status.js'
import { trainCommand } from './train.js'
import { trajectoriesCommand } from './trajectories.js'
import { whyCommand } from './why.js'

const program = new Command('limi')
  .description('Turns a few dozen excellent demonstrations into a better agent, and proves whether it did.')
  .version(limiVersion())
  // An option belongs to the command that it stands behind: `train` and its subcommands share some.
  .enablePositionalOptions()
  .addHelpText(
    'after',
    '\nStart here:\n  limi demo        the whole method once, on this machine\n  limi init        a project of your own',
  )

for (const command of [
  demoCommand(),
  initCommand(),
  statusCommand(),
  doctorCommand(),
  runCommand(),
  queriesCommand(),
  collectCommand(),
  trajectoriesCommand(),
  curateCommand(),
  datasetCommand(),
  trainCommand(),
  serveCommand(),
  evalCommand(),
  compareCommand(),
  whyCommand(),
]) {
  program.addCommand(command)
}

/** Commander ends a subcommand's wrong usage with exit code 1 unless each is told to leave that to its caller. */
function leaveExitToCaller(command: Command): void {
  command.exitOverride().showHelpAfterError(`(limi ${pathOf(command)}--help says how it is used)`)
  command.commands.forEach(leaveExitToCaller)
}

function pathOf(command: Command): string {
  return command.parent === null ? '' : `${pathOf(command.parent)}${command.name()} `
}

leaveExitToCaller(program)

// A reader that has seen enough (`limi … | head`) is no failure.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit()
  })
}

try {
  await program.parseAsync()
} catch (error) {
  endUsage(error, process.argv.slice(2))
}
