import { Command } from 'commander'
import { buildCommand } from './dataset/build.js'
import { checkCommand } from './dataset/check.js'
import { exportCommand } from './dataset/export.js'
import { renderCommand } from './dataset/render.js'
import { showCommand } from './dataset/show.js'

export function datasetCommand(): Command {
  const dataset = new Command('dataset').description(
    'token ids and labels for one model, with the proof that they are right',
  )
  return dataset
    .addCommand(buildCommand())
    .addCommand(checkCommand())
    .addCommand(showCommand())
    .addCommand(renderCommand())
    .addCommand(exportCommand())
}
