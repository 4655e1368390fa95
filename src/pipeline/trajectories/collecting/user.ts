import { done, failed, type Failure, type Query, type Result } from '../../../nouns/index.js'
import { simulatedUser, type Feedback } from '../../../shared/rollouts/index.js'
import { modelOf } from '../../models.js'
import type { Run } from '../../run.js'
import type { PlannedUser } from './settings.js'
import { solutionsOf } from './solutions.js'

export interface OpenUser {
  readonly feedback: Feedback
  close(): Promise<void>
}

/** A model that speaks as the person; what is known of how these queries were solved is hidden from the agent. */
export async function openUser(
  run: Run,
  { modelName, price }: PlannedUser,
  queries: readonly Query[],
): Promise<Result<OpenUser>> {
  const opened = await modelOf(run, modelName)
  if (!opened.ok) return opened
  const solutions = await solutionsOf(run, queries)
  const feedback = simulatedUser(opened.value.model, {
    ...(price === undefined ? {} : { price }),
    solutionOf: ({ id }) => solutions.get(id) ?? [],
    onLine: run.warn,
  })
  return { ok: true, value: { feedback, close: () => opened.value.close() } }
}

/** The model that speaks as the person, as the command line says it. */
export function userOf({
  feedback,
  user,
}: {
  readonly feedback?: 'scorer' | 'simulated'
  readonly user?: string
}): Result<string | undefined> {
  if (feedback === 'simulated' && user === undefined) return failed(NO_USER)
  if (feedback !== 'simulated' && user !== undefined) return failed(NO_FEEDBACK)
  return done(user)
}

const NO_USER: Failure = {
  kind: 'input',
  code: 'collect.no-user',
  message: 'no model is named that speaks as the person',
  where: '--feedback simulated',
  remedy: 'name one: --user MODEL',
}

const NO_FEEDBACK: Failure = {
  kind: 'input',
  code: 'collect.no-user',
  message: '--user names a model that nobody asks',
  where: '--user',
  remedy: 'add --feedback simulated, or leave --user out',
}
