import type { Command } from 'commander'
import { collectCommand } from './collect.js'
import { compareCommand } from './compare.js'
import { curateCommand } from './curate.js'
import { datasetCommand } from './dataset.js'
import { demoCommand } from './demo.js'
import { doctorCommand } from './doctor.js'
import { evalCommand } from './eval.js'
import { initCommand } from './init.js'
import { queriesCommand } from './queries.js'
import { recordCommand } from './record.js'
import { runCommand } from './run.js'
import { serveCommand } from './serve.js'
import { statusCommand } from './status.js'
import { trainCommand } from './train.js'
import { trajectoriesCommand } from './trajectories.js'
import { whyCommand } from './why.js'

/** Every command, in the order in which `limi --help` lists them. */
export const everyCommand = (): readonly Command[] => [
  demoCommand(),
  initCommand(),
  statusCommand(),
  doctorCommand(),
  runCommand(),
  queriesCommand(),
  recordCommand(),
  collectCommand(),
  trajectoriesCommand(),
  curateCommand(),
  datasetCommand(),
  trainCommand(),
  serveCommand(),
  evalCommand(),
  compareCommand(),
  whyCommand(),
]
