import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { parse as parseYaml } from 'yaml'
import { z } from 'zod'
import { done, failed, type Result } from '../../../nouns/index.js'
import { diskFailure } from '../../../shared/project/index.js'
import { csvRows } from './csv.js'

const WORDS: Readonly<Record<string, number>> = { y: 1, yes: 1, true: 1, n: 0, no: 0, false: 0 }

const Count = z.coerce.number().int().positive()

/** A person's score of a subtask in one trial, as a whole or of one of its requirements (1 met, 0 not). */
const HumanScore = z.object({
  task: z.string().min(1),
  trial: Count,
  subtask: z.preprocess((value) => (value === '' || value === null ? undefined : value), Count.default(1)),
  requirement: z.preprocess(
    (value) => (value === '' || value === null ? undefined : value),
    z.coerce.string().optional(),
  ),
  score: z.preprocess(numberOf, z.number().nonnegative()),
  /** Of what the person was shown, where that is known. */
  sheet: z.preprocess((value) => (value === '' ? undefined : value), z.string().optional()),
})
export type HumanScore = z.infer<typeof HumanScore>

function numberOf(value: unknown): unknown {
  if (typeof value === 'boolean') return Number(value)
  if (typeof value !== 'string' || value.trim() === '') return value
  return WORDS[value.trim().toLowerCase()] ?? Number(value)
}

/** A person's scores from a table: CSV with a header, or a YAML or JSON list. `calibration.scores` names the line or entry that is none. */
export async function readHumanScores(file: string): Promise<Result<HumanScore[]>> {
  try {
    const text = await readFile(file, 'utf8')
    return path.extname(file).toLowerCase() === '.csv' ? fromCsv(text, file) : fromYaml(text, file)
  } catch (error) {
    return failed(diskFailure(error, file))
  }
}

function fromCsv(text: string, file: string): Result<HumanScore[]> {
  return allOf(
    csvRows(text).map(({ line, fields }) => ({ value: fields, where: `${file}:${line}` })),
    file,
  )
}

function fromYaml(text: string, file: string): Result<HumanScore[]> {
  let list: unknown
  try {
    list = parseYaml(text)
  } catch (error) {
    return failed(invalid(file, (error as Error).message))
  }
  if (!Array.isArray(list)) return failed(invalid(file, 'it holds no list'))
  return allOf(
    list.map((value: unknown, at) => ({ value, where: `${file}, entry ${at + 1}` })),
    file,
  )
}

function allOf(
  entries: readonly { readonly value: unknown; readonly where: string }[],
  file: string,
): Result<HumanScore[]> {
  const scores: HumanScore[] = []
  const seen = new Set<string>()
  for (const { value, where } of entries) {
    const read = HumanScore.safeParse(value)
    if (!read.success) {
      const [issue] = read.error.issues
      return failed(invalid(where, `${issue?.path.join('.') || 'it'}: ${issue?.message ?? 'not valid'}`))
    }
    const { task, trial, subtask, requirement, score } = read.data
    const key = JSON.stringify([task, trial, subtask, requirement])
    if (seen.has(key)) return failed(invalid(where, 'the same thing is scored twice'))
    if (requirement !== undefined && score !== 0 && score !== 1)
      return failed(invalid(where, 'a requirement is met (1) or not (0)'))
    seen.add(key)
    scores.push(read.data)
  }
  return scores.length > 0 ? done(scores) : failed(invalid(file, 'it holds no scores'))
}

const invalid = (where: string, what: string) =>
  ({
    kind: 'input',
    code: 'calibration.scores',
    message: `not a person's score: ${what}`,
    where,
    remedy:
      'give columns task, trial and score (and subtask, requirement where there are any): score in points, or yes or no of a requirement',
  }) as const
