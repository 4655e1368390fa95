import { done, failed, TrajectoryEvent, TrajectoryHeader, type Failure, type Result } from '../../../nouns/index.js'
import { MAX_NESTING } from '../text/index.js'
import { isPlainlyFit } from './plain.js'

/** Longest line that is read back, in bytes: what was a document of its own fits, a hostile file does not. */
export const MAX_LINE_BYTES = 400 << 20

/** What is read of a source nests up to {@link MAX_NESTING}, and lies a few fields deeper in a trajectory. */
export const MAX_LINE_NESTING = MAX_NESTING + 64

/** A line as text; `trajectory.unfit` where it would not be read back as what it is. */
export function lineOf(value: TrajectoryEvent | TrajectoryHeader): Result<string> {
  const fault = isPlainlyFit(value) ? null : faultIn(value)
  if (fault !== null) return failed(unfit(value.type, fault))
  const line = JSON.stringify(value)
  if (line.length > MAX_LINE_BYTES / 3 && Buffer.byteLength(line) > MAX_LINE_BYTES)
    return failed(unfit(value.type, `longer than ${MAX_LINE_BYTES} bytes`))
  return done(line)
}

/** What the schema says against it; null where it is well. */
function faultIn(value: TrajectoryEvent | TrajectoryHeader): string | null {
  const schema = value.type === 'header' ? TrajectoryHeader : TrajectoryEvent
  const parsed = schema.safeParse(value)
  if (parsed.success) return null
  const [issue] = parsed.error.issues
  return `${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? 'invalid'}`
}

const unfit = (type: string, why: string): Failure => ({
  kind: 'input',
  code: 'trajectory.unfit',
  message: `its ${type} cannot be stored: ${why}`,
  remedy: 'correct the source, or leave this record out',
})
