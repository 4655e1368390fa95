import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { FailureError, unwrap, type Cause, type Failure, type Usage } from '../../../nouns/index.js'
import { diskFailure, digestOfValue, makeFolder, placeOf } from '../../../shared/project/index.js'
import { workspacePatch, type RolloutEnding } from '../../../shared/rollouts/index.js'
import type { JudgeCall } from '../../../shared/scoring/index.js'
import type { PlannedRollout } from './plan.js'

/** A fault outside agent and task, for the evidence. */
export interface FaultMet {
  readonly attempt: number
  readonly cause: Cause
  readonly failure: Failure
}

/** What a rollout came to beside what the trajectory holds. */
export interface Evidence {
  readonly campaign: string
  readonly model: string
  readonly ending: RolloutEnding
  /** Calls of judges and of the simulated user. */
  readonly calls: readonly JudgeCall[]
  readonly faults: readonly FaultMet[]
  readonly discarded: Usage
  readonly cost: number | undefined
}

/** An empty folder for what a program leaves; a try that was cut leaves nothing to the next one. */
export function freshEvidence(recordings: string, { id }: PlannedRollout): string {
  const folder = unwrap(placeOf(recordings, id))
  try {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
  } catch (error) {
    throw new FailureError(diskFailure(error, folder), { cause: error })
  }
  return folder
}

/**
 * Keeps what only the scorer knows, and what would be gone with the workspace: `rollout.json` and `workspace.patch` in the rollout's folder of
 * recordings. Written before the trajectory's end, so that whatever is complete has both; the workspace may be put back to its beginning.
 */
export async function keepEvidence(recordings: string, planned: PlannedRollout, evidence: Evidence): Promise<void> {
  const folder = unwrap(placeOf(recordings, planned.id))
  const { rollout, sandbox, start } = evidence.ending
  const patch = await workspacePatch(sandbox, start, rollout.diff)
  unwrap(await makeFolder(recordings))
  try {
    // At once: what goes to the system's memory takes less time than to hand it to another thread.
    mkdirSync(folder, { recursive: true })
    writeFileSync(path.join(folder, 'rollout.json'), `${JSON.stringify(documentOf(planned, evidence), null, 2)}\n`)
    writeFileSync(path.join(folder, 'workspace.patch'), patch)
  } catch (error) {
    throw new FailureError(diskFailure(error, folder), { cause: error })
  }
}

function documentOf({ id, query, agent, attempt }: PlannedRollout, evidence: Evidence): object {
  const { campaign, model, ending, calls, faults, discarded, cost } = evidence
  return {
    format: 'limi.rollout/1',
    ...{ id, campaign, agent, model, attempt },
    query: { id: query.id, digest: digestOfValue(query) },
    ...ending.rollout,
    ...{ cost, calls, faults, discarded },
  }
}
