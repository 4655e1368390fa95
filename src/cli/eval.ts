import { Command } from 'commander'
import { calibrateCommand } from './eval/calibrate.js'
import { exportCommand } from './eval/export.js'
import { importCommand } from './eval/import.js'
import { listCommand } from './eval/list.js'
import { runCommand } from './eval/run.js'
import { showCommand } from './eval/show.js'

export function evalCommand(): Command {
  const evaluation = new Command('eval').description('an agent with a model on the held-out tasks of a benchmark')
  return evaluation
    .addCommand(runCommand())
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(importCommand())
    .addCommand(exportCommand())
    .addCommand(calibrateCommand())
}
