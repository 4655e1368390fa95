import path from 'node:path'
import { Checkpoint, Recipe, type Result, type TrainingEstimate } from '../../nouns/index.js'
import { readManifest, writeFileAtomic } from '../../shared/project/index.js'
import { formatBytes } from '../../shared/python/index.js'
import { durationText, integerText, renderTrainingPage, type StepValue } from '../../shared/report/index.js'
import { engineOfMade, readBegun } from './begun.js'
import { readEvents } from './events.js'
import { progressOf, type Progress } from './progress.js'

/** `training/<run>/report.html`, made again from the run's files: curves, warnings, estimates beside what came out. */
export async function writeTrainingReport(folder: string): Promise<Result<void>> {
  const [manifest, begun, read] = [
    await readManifest(folder, Checkpoint),
    await readBegun(folder),
    await readEvents(folder),
  ]
  if (!read.ok) return read
  if (!begun.ok) return begun
  const progress = progressOf(read.value.events)
  const { made, estimate } = begun.value
  const idOf = (role: string): string | null => made.inputs[role]?.[0]?.id ?? null
  const html = renderTrainingPage({
    run: path.basename(folder),
    state: manifest === null ? (progress.ended?.state ?? 'running') : 'finished',
    engine: engineOfMade(made),
    base: idOf('base') ?? 'unknown',
    dataset: idOf('dataset') ?? 'unknown',
    heldOut: idOf('heldOut'),
    updated: new Date().toISOString(),
    step: manifest?.steps ?? progress.points.at(-1)?.step ?? 0,
    steps: manifest?.steps ?? progress.steps,
    ...curvesOf(manifest, progress),
    warnings: progress.warnings,
    failure: progress.ended?.failure ?? null,
    figures: comparedEstimates(estimate, manifest, progress.memoryBytes),
    facts: factsOf(made.parameters['recipe'], manifest),
  })
  return writeFileAtomic(path.join(folder, 'report.html'), html)
}

/** The manifest holds the engine's own record; while it runs there are the events. */
function curvesOf(manifest: Checkpoint | null, progress: Progress) {
  const loss = manifest?.loss ?? progress.points
  const rates = progress.points.some(({ learningRate }) => learningRate !== undefined) ? progress.points : loss
  return {
    loss: loss.map(({ step, loss: value }): StepValue => ({ step, value })),
    learningRate: rates.flatMap(({ step, learningRate: value }): StepValue[] =>
      value === undefined ? [] : [{ step, value }],
    ),
    heldOutLoss: (manifest?.heldOutLoss ?? progress.heldOut).map(({ step, loss: value }): StepValue => ({
      step,
      value,
    })),
  }
}

export interface ComparedFigure {
  readonly name: string
  readonly estimated: string
  readonly came: string
}

const NOT_KNOWN = 'not known'

/** What was said before a run beside what came out, as text; without a manifest nothing came out yet. */
export function comparedEstimates(
  estimate: TrainingEstimate | undefined,
  made: Pick<Checkpoint, 'steps' | 'tokens' | 'seconds'> | null,
  memoryBytes: number | null,
): readonly ComparedFigure[] {
  const row = (
    name: string,
    estimated: number | null | undefined,
    came: number | null | undefined,
    text: (value: number) => string,
  ): ComparedFigure => ({
    name,
    estimated: estimated === null || estimated === undefined ? NOT_KNOWN : text(estimated),
    came: came === null || came === undefined ? NOT_KNOWN : text(came),
  })
  return [
    row('steps', estimate?.steps, made?.steps, integerText),
    row('tokens', estimate?.tokens, made?.tokens, integerText),
    row('time', estimate?.seconds, made?.seconds, durationText),
    row('memory', estimate?.memoryBytes, memoryBytes, formatBytes),
  ]
}

function factsOf(recipe: unknown, manifest: Checkpoint | null): readonly { name: string; value: string }[] {
  const parsed = Recipe.safeParse(recipe)
  const groups = {
    recipe: parsed.success ? parsed.data : {},
    hardware: manifest?.hardware ?? {},
    versions: manifest?.made.versions ?? {},
  }
  return Object.entries(groups).flatMap(([group, values]) =>
    Object.entries(values).map(([name, value]) => ({ name: `${group}: ${name}`, value: textOf(value) })),
  )
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
