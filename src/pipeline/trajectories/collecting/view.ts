import { displayWidth, durationText, plural, visible } from '../../../shared/report/index.js'
import { liveLines, type LiveTerminal } from '../../../shared/terminal/index.js'
import type { CollectedRollout, CollectProgress } from '../../../stages/trajectories/index.js'
import type { Run } from '../../run.js'

/** Shows a campaign at work. */
export interface CollectView {
  /** The run, whose lines stand above what is drawn. */
  readonly run: Run
  readonly watch: (progress: CollectProgress) => void
  close(): void
}

/** On a terminal each rollout at work on a line of its own, drawn anew as it goes on; elsewhere a line for each that has ended. */
export const collectView = (run: Run, terminal: LiveTerminal | null): CollectView =>
  terminal === null ? plainView(run) : liveView(run, terminal)

function plainView(run: Run): CollectView {
  const watch = (progress: CollectProgress): void => {
    if (progress.kind === 'ended') run.say(endedLine(progress))
  }
  return { run, watch, close: () => undefined }
}

interface AtWork {
  readonly began: number
  round: number
  action: string
}

/** Milliseconds between two drawings. */
const PACE = 100

function liveView(run: Run, terminal: LiveTerminal): CollectView {
  const live = liveLines(terminal, cutTo)
  const atWork = new Map<string, AtWork>()
  let counts = ''
  let drawnAt = -Infinity
  const draw = (): void => {
    drawnAt = performance.now()
    live.draw([...[...atWork].map(([id, work]) => workLine(id, work)), ...(counts === '' ? [] : [counts])])
  }
  const clock = setInterval(draw, 1_000)
  const keep = (line: string): void => live.keep(visible(line))
  const watch = (progress: CollectProgress): void => {
    const { id } = progress.rollout
    if (progress.kind === 'begun') atWork.set(id, { began: performance.now(), round: 1, action: 'begins' })
    else if (progress.kind === 'acted') {
      const work = atWork.get(id)
      if (work !== undefined) [work.round, work.action] = [progress.round, progress.action]
    } else {
      atWork.delete(id)
      counts = `${progress.finished} of ${plural(progress.total, 'rollout')} done, ${atWork.size} at work`
      keep(endedLine(progress))
    }
    if (performance.now() - drawnAt >= PACE) draw()
  }
  return {
    run: { ...run, say: keep, warn: (line) => keep(`warning: ${line}`) },
    watch,
    close() {
      clearInterval(clock)
      live.end()
    },
  }
}

const workLine = (id: string, { began, round, action }: AtWork): string =>
  `  ${id}  round ${round}  ${durationText((performance.now() - began) / 1000)}  ${visible(action).replaceAll('\n', ' ')}`

const endedLine = ({ row, finished, total }: Extract<CollectProgress, { kind: 'ended' }>): string =>
  `  ${row.id}: ${wordsFor(row)} (${finished} of ${total})`

function wordsFor({ status, outcome, score, max, rounds, cause, failure }: CollectedRollout): string {
  if (status === 'failed') return `could not be made: ${failure?.message ?? ''} (${failure?.code ?? ''})`
  if (status === 'ended') return 'ended before its end'
  const why = cause === undefined || cause === null ? '' : `, cause ${cause}`
  return `${outcome ?? status}, ${score ?? 0} of ${max ?? 0} after ${plural(rounds ?? 0, 'round')}${why}`
}

/** As much of a line as the terminal shows in so many columns. */
function cutTo(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text
  let cut = text.slice(0, columns - 1)
  while (displayWidth(cut) > columns - 1) cut = cut.slice(0, -1)
  return `${cut}…`
}
