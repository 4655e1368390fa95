import { done, type Result } from '../../../nouns/index.js'
import type { Launch } from '../../../shared/agents/index.js'
import type { Recorder } from '../../../shared/recorder/index.js'
import { runChild, type ChildEnd } from '../../../stages/trajectories/index.js'
import type { Run } from '../../run.js'
import type { FoundAgent } from './agent.js'
import type { HandOver, RecordPlan } from './plan.js'
import { shellText } from './print-env.js'

export interface Stage extends FoundAgent {
  readonly recorder: Recorder
  /** The model that answers in place of the agent's own. */
  readonly model?: string
  readonly cwd: string
}

/** One round: the agent's program on this terminal until it ends, or, where it is started elsewhere, until Ctrl-C. */
export async function playRound(
  run: Run,
  plan: RecordPlan,
  stage: Stage,
  round: number,
  handOver: HandOver,
): Promise<Result<ChildEnd>> {
  const { launcher, recorder, model, cwd } = stage
  const launch = launcher.launch({ urlOf: (route) => recorder.urlOf(route), model, env: process.env })
  if (plan.command.length === 0) {
    process.stderr.write(shellText({ ...launch, programs: launcher.programs }))
    await untilAborted(run.signal)
    return done({ code: 0, signal: null })
  }
  return handOver(() =>
    runChild({
      command: commandFor(plan.command, stage, launch, round),
      env: { ...process.env, ...launch.env },
      cwd,
      output: plan.json ? 'stderr' : 'stdout',
      signal: run.signal,
    }),
  )
}

/** From the second round on, the agent goes on with its session; what it was first asked is not asked again. */
function commandFor(command: readonly string[], { launcher, at }: Stage, { args }: Launch, round: number): string[] {
  const program = command.slice(0, at + 1)
  const { resume } = launcher
  const goesOn = round > 1 && resume !== undefined
  return [...program, ...args, ...(goesOn ? resume : command.slice(at + 1))]
}

function untilAborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal === undefined || signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
