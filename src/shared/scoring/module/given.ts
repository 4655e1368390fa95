import { z } from 'zod'
import { done, failed, type Result, type Score } from '../../../nouns/index.js'
import { brief, EVIDENCE_CHARACTERS } from '../checks/evidence.js'
import { NEUTRAL_FEEDBACK } from '../points.js'
import { fault, tooMuchMemory } from './process.js'

const Points = z.number().nonnegative().max(1e9)

const GivenScore = z
  .strictObject({
    score: Points,
    max: Points.positive(),
    passed: z.boolean(),
    requirements: z
      .array(
        z.strictObject({
          id: z.string().min(1).max(200),
          passed: z.boolean(),
          weight: Points.positive().default(1),
          evidence: z.string().default(''),
        }),
      )
      .min(1)
      .max(1000)
      .optional(),
    feedback: z.string().max(20_000).optional(),
  })
  .refine(({ score, max }) => score <= max, { path: ['score'], message: 'more than `max`' })

const ScoreReply = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('scored'), score: z.unknown() }),
  z.object({ kind: z.literal('threw'), message: z.string() }),
])

/** A score as a module gave it; `scorer.invalid` where it is none, `scorer.threw` where there is an error instead. */
export function scoreFrom(reply: unknown, module: string): Result<Score> {
  const read = ScoreReply.safeParse(reply)
  if (!read.success) return failed(fault('scorer.invalid', 'its answer is no score', module))
  if (read.data.kind === 'threw') {
    const { message } = read.data
    if (/allocation failed|failed to allocate/i.test(message)) return failed(tooMuchMemory(module))
    return failed(fault('scorer.threw', `its scorer threw: ${message}`, module))
  }
  const given = GivenScore.safeParse(read.data.score)
  if (!given.success) {
    const [issue] = given.error.issues
    const field = issue?.path.map(String).join('.') ?? ''
    return failed(fault('scorer.invalid', `its score does not fit: ${field}: ${issue?.message ?? ''}`, module))
  }
  const { score, max, passed, feedback } = given.data
  const requirements = given.data.requirements ?? [{ id: 'passed', passed, weight: 1, evidence: `${score} of ${max}` }]
  return done({
    score,
    max,
    passed,
    requirements: requirements.map((one) => ({ ...one, evidence: brief(one.evidence, EVIDENCE_CHARACTERS) })),
    ...(passed ? {} : { feedback: feedback?.trim() ? feedback : NEUTRAL_FEEDBACK }),
  })
}
