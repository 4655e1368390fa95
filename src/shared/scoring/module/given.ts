import { z } from 'zod'
import { done, failed, own, type Result, type Score } from '../../../nouns/index.js'
import { brief, EVIDENCE_CHARACTERS } from '../checks/evidence.js'
import { NEUTRAL_FEEDBACK } from '../points.js'
import { isRecord, notFinite } from './not-finite.js'
import { fault, tooMuchMemory } from './process.js'

const MOST_POINTS = 1e9
const Points = z.number().nonnegative().max(MOST_POINTS)

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
  .refine(({ score, max }) => score <= max, { path: ['score'] })

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
    const words = issue === undefined ? '' : wordsOf(issue, read.data.score)
    return failed(fault('scorer.invalid', `its score does not fit: ${words}`, module))
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

const ABOVE_NOTHING = `a number above 0, at most ${MOST_POINTS}`

/** What each number has to be. */
const NUMBERS: Readonly<Record<string, string>> = {
  score: 'a number from 0 to max',
  max: ABOVE_NOTHING,
  weight: ABOVE_NOTHING,
}

function wordsOf({ path, message }: z.core.$ZodIssue, given: unknown): string {
  if (!isRecord(given) || notFinite(given) !== null) return `it is ${shown(given, [])}, expected { score, max, passed }`
  if (path.length === 0) return message
  const field = path.map(String).join('.')
  const expected = own(NUMBERS, String(path.at(-1)))
  return expected === undefined ? `${field}: ${message}` : `${field} is ${shown(given, path)}, expected ${expected}`
}

/** The value at a place, in short. */
function shown(given: unknown, path: readonly PropertyKey[]): string {
  let value = given
  for (const key of path) value = isRecord(value) ? value[key] : undefined
  if (value === undefined) return 'missing'
  if (isRecord(value)) return notFinite(value) ?? 'no number'
  return brief(JSON.stringify(value), 60)
}
