import { Command } from 'commander'
import { withGlobals } from './context.js'
import { beginOptions } from './train/begin.js'
import { pushCommand } from './train/push.js'
import { resumeCommand } from './train/resume.js'
import { statusCommand } from './train/status.js'
import { stopCommand } from './train/stop.js'

export function trainCommand(): Command {
  return (
    beginOptions(withGlobals(new Command('train')))
      // Options behind a subcommand are the subcommand's, though both have `--json`.
      .enablePositionalOptions()
      .addCommand(statusCommand())
      .addCommand(resumeCommand())
      .addCommand(stopCommand())
      .addCommand(pushCommand())
  )
}
