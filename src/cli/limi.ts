#!/usr/bin/env node
import { Command } from 'commander'
import { limiVersion } from '../shared/version/index.js'
import { everyCommand } from './commands.js'
import { endUsage, tellWrongUsage } from './usage.js'

const program = new Command('limi')
  .description('Turns a few dozen excellent demonstrations into a better agent, and proves whether it did.')
  .version(limiVersion())
  // An option belongs to the command that it stands behind: `train` and its subcommands share some.
  .enablePositionalOptions()
  .addHelpText(
    'after',
    '\nStart here:\n  limi demo        the whole method once, on this machine\n  limi init        a project of your own',
  )

for (const command of everyCommand()) program.addCommand(command)
tellWrongUsage(program)

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
