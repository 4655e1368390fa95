import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import type { LossPoint } from '../../../nouns/index.js'

const Line = z.discriminatedUnion('event', [
  z.object({
    event: z.literal('step'),
    job: z.string(),
    step: z.number().int(),
    loss: z.number(),
    learning_rate: z.number().optional(),
    tokens: z.number(),
  }),
  z.object({ event: z.literal('saved'), job: z.string(), step: z.number().int() }),
  z.object({ event: z.literal('versions'), job: z.string(), versions: z.record(z.string(), z.string()) }),
])
export type ProgressLine = z.infer<typeof Line>

/** Appends to `progress.jsonl`; gives false where the disk refuses, which must not end the watching of a job that goes on. */
export function appendProgress(file: string, line: ProgressLine): boolean {
  try {
    appendFileSync(file, `${JSON.stringify(line)}\n`)
    return true
  } catch {
    return false
  }
}

/** Every whole line; one that a kill cut is left out. */
export function readProgress(file: string): readonly ProgressLine[] {
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8').split('\n').flatMap(parseLine)
}

function parseLine(text: string): ProgressLine[] {
  try {
    const parsed = Line.safeParse(JSON.parse(text))
    return parsed.success ? [parsed.data] : []
  } catch {
    return []
  }
}

/** The loss of each step, as the job told it that ran the step last. */
export function curveOf(lines: readonly ProgressLine[]): readonly LossPoint[] {
  const points = new Map<number, LossPoint>()
  for (const line of lines) {
    if (line.event !== 'step') continue
    const { step, loss, learning_rate: learningRate } = line
    points.set(step, { step, loss, ...(learningRate !== undefined && { learningRate }) })
  }
  return [...points.values()].sort((a, b) => a.step - b.step)
}

export const lastSaved = (lines: readonly ProgressLine[]): number =>
  lines.reduce((last, line) => (line.event === 'saved' ? Math.max(last, line.step) : last), 0)

export const versionsIn = (lines: readonly ProgressLine[]): Readonly<Record<string, string>> =>
  lines.findLast((line) => line.event === 'versions')?.versions ?? {}
