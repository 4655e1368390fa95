import path from 'node:path'
import { z } from 'zod'
import { done, Judgement, RubricItem, type Result, type Trial } from '../../../nouns/index.js'
import { placeOf, readJson } from '../../../shared/project/index.js'
import { isMeasured } from '../metrics/index.js'
import { judgementsFolder } from '../trials/judgements.js'
import { trialName } from '../trials/names.js'
import { readTrials } from '../trials/index.js'

/** A judgement with what judges have kept of a sheet from the first on; those of other origin lack it. */
const Kept = Judgement.extend({
  sheet: z.string().optional(),
  rubric: z.array(RubricItem).optional(),
  findings: z.array(z.looseObject({ id: z.string(), counted: z.boolean() })).optional(),
})
export type KeptJudgement = z.infer<typeof Kept>

const JudgementFile = z.looseObject({
  format: z.literal('limi.judgements/1'),
  subtasks: z.array(
    z.looseObject({ subtask: z.number(), rounds: z.array(z.looseObject({ judgements: z.array(Kept) })) }),
  ),
})

/** The last round of a subtask in one trial, with the judgements that its score rests on (none where checks scored it). */
export interface JudgedRow extends Pick<Trial, 'task' | 'trial' | 'subtask'> {
  readonly score: number
  readonly max: number
  readonly requirements: Trial['rounds'][number]['requirements']
  readonly judgements: readonly KeptJudgement[]
}

/** Every measured row of an evaluation as it ended. */
export async function judgedRows(evaluation: string): Promise<Result<JudgedRow[]>> {
  const trials = await readTrials(evaluation)
  if (!trials.ok) return trials
  const judged: JudgedRow[] = []
  const files = new Map<string, Result<z.infer<typeof JudgementFile> | null>>()
  for (const row of trials.value) {
    const last = row.rounds.at(-1)
    if (last === undefined || !isMeasured(row)) continue
    const name = trialName(row.task, row.trial)
    const file = files.get(name) ?? (await readFileOf(evaluation, name))
    files.set(name, file)
    if (!file.ok) return file
    const rounds = file.value?.subtasks.find(({ subtask }) => subtask === row.subtask)?.rounds
    const { task, trial, subtask } = row
    const { score, max, requirements } = last
    judged.push({ task, trial, subtask, score, max, requirements, judgements: rounds?.at(-1)?.judgements ?? [] })
  }
  return done(judged)
}

async function readFileOf(evaluation: string, name: string): Promise<Result<z.infer<typeof JudgementFile> | null>> {
  const place = placeOf(judgementsFolder(evaluation), name, '.json')
  if (!place.ok) return place
  const read = await readJson(place.value, JudgementFile)
  return read.ok || read.failure.code !== 'file.absent' ? read : done(null)
}

/** Where a person's scores of an evaluation's kept sheets lie. */
export const humanFile = (evaluation: string): string => path.join(evaluation, 'human.yaml')
