import path from 'node:path'
import { done, failed, FailureError, type Query, type Result, type Score } from '../../../nouns/index.js'
import { scorerFor } from '../../../shared/scoring/index.js'
import { prepareWorkspace, readWorkspace, sandboxAfter, type Files } from '../../../stages/trajectories/index.js'
import { sandboxOf } from '../../agents.js'
import type { Run } from '../../run.js'

/** Where a person works on a query, and what it is worth when asked. */
export interface Workplace {
  readonly folder: string
  score(answer: string): Promise<Result<Score>>
}

/** The query's workspace, made in an empty folder. Failures: `record.workspace`, those of git, the disk and the scorer. */
export async function workplaceFor(run: Run, query: Query, folder: string): Promise<Result<Workplace>> {
  const scorer = scorerFor(query, { root: run.project.root })
  if (!scorer.ok) return scorer
  const sandboxes = await sandboxOf(run)
  if (!sandboxes.ok) return sandboxes
  const prepared = await prepareWorkspace(path.resolve(folder), query, run.project.root)
  if (!prepared.ok) return prepared
  const { setup = [], image } = query.start
  if (setup.length > 0)
    run.warn(`${query.id} is set up by ${setup.join('; ')}: run it yourself, and the scorer goes without`)
  if (image !== undefined)
    run.warn(`${query.id} begins in a container image: you work without it, and so does the scorer`)
  const began = await filesIn(run, folder)
  if (!began.ok) return began
  return done({
    folder,
    score: async (answer) => {
      const now = await filesIn(run, folder)
      if (!now.ok) return now
      const after = await sandboxAfter(sandboxes.value, began.value, now.value)
      if (!after.ok) return after
      const { sandbox, changes } = after.value
      try {
        return done(await scorer.value.score({ query, sandbox, changes, answer }))
      } catch (error) {
        if (error instanceof FailureError) return failed(error.failure)
        throw error
      } finally {
        await sandbox.dispose()
      }
    },
  })
}

async function filesIn(run: Run, folder: string): Promise<Result<Files>> {
  const read = await readWorkspace(folder)
  if (!read.ok) return read
  const { files, passedOver } = read.value
  const rest = passedOver.filter((name) => !name.split('/').includes('.git'))
  if (rest.length > 0)
    run.warn(`the scorer does not see ${rest.slice(0, 5).join(', ')}${rest.length > 5 ? ' and more' : ''}`)
  return done(files)
}
