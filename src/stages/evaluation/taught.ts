import { TaughtOverlap, type Evaluation, type SharedTask } from '../../nouns/index.js'
import { plural } from '../../shared/report/index.js'

/** What an evaluation's summary says of what its model was taught; null where nobody looked, as its model is no checkpoint of limi's. */
export const taughtIn = (evaluation: Evaluation | null): TaughtOverlap | null =>
  TaughtOverlap.safeParse(evaluation?.['taught']).data ?? null

/** What a reader must know of it; nothing where nothing is shared. */
export function taughtLines({ checkpoints, tasks, prompt, workspace, unknown }: TaughtOverlap): string[] {
  const name = `checkpoint ${checkpoints[0] ?? ''}`
  const share = (shared: readonly SharedTask[], one: string, many: string): string =>
    `${shared.length} of ${plural(tasks, 'task')} ${shared.length === 1 ? one : many}`
  return [
    ...(prompt.length === 0
      ? []
      : [
          `${share(prompt, 'shares its', 'share their')} prompt with what ${name} was taught, so success there shows no skill: ${named(prompt)}`,
        ]),
    ...(workspace.length === 0
      ? []
      : [`${share(workspace, 'begins', 'begin')} in the same files as what ${name} was taught: ${named(workspace)}`]),
    ...(unknown.length === 0
      ? []
      : [`whether tasks are among what ${name} was taught is not known in full: ${unknown.join('; ')}`]),
  ]
}

const NAMED = 5

function named(shared: readonly SharedTask[]): string {
  const first = shared.slice(0, NAMED).map(({ task, trajectory }) => `${task} (${trajectory})`)
  return [...first, ...(shared.length > NAMED ? [`${shared.length - NAMED} more`] : [])].join(', ')
}
