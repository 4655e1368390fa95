import { z } from 'zod'

/** What a line of the job's log tells. */
export type LogEvent =
  | {
      readonly type: 'step'
      readonly step: number
      readonly loss: number
      readonly nextRate?: number
      readonly at?: number
    }
  /** Steps that the checkpoint holds. */
  | { readonly type: 'saved'; readonly step: number }
  /** The cluster has fewer free GPUs than the run wants. */
  | { readonly type: 'waiting'; readonly wanted: number; readonly registered: number; readonly free: number }
  | { readonly type: 'versions'; readonly versions: Readonly<Record<string, string>> }

// slime 624b824, backends/megatron_utils/model.py: `step 3: {'train/loss': 0.5, …}` as Python prints a dict; steps count from 0.
const STEP = /(?:^|- )step (\d+): \{(.*)\}\s*$/
// slime 3906ba1, utils/logging_utils.py: `[%Y-%m-%d %H:%M:%S prefix] file:line - message`, in the node's own time zone.
const TIME = /\[(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)[^\]]*\] \S+ - $/
const LOSS = /'train\/loss': ([^,}]+)/
// The rate is read after the scheduler's step: it is the one of the step to come.
const RATE = /'train\/lr-pg_0': ([^,}]+)/
// Megatron-LM, training/checkpointing.py; slime's iteration is the number of the step, from 0.
const SAVED = /successfully saved checkpoint from iteration\s+(\d+)\b/
// slime 624b824, ray/placement_group.py; printed every 30 seconds.
const WAITING = /Waiting for placement group of (\d+) GPUs.*: ([\d.]+) GPUs registered with Ray, ([\d.]+) available/
// launch.sh
const VERSIONS = /limi versions (\{.*\})\s*$/
const COLOURS = /\p{Cc}\[[\d;]*m/gu

/** Longer lines are dumps of data, never one of these. */
const LONGEST = 20_000

const Versions = z.record(z.string(), z.string())

/** Null for a line that tells nothing of these. */
export function readLogLine(raw: string): LogEvent | null {
  if (raw.length > LONGEST) return null
  const line = raw.replace(COLOURS, '')
  const step = STEP.exec(line)
  if (step !== null) return readStep(step, line.slice(0, step.index + (step[0].startsWith('-') ? 2 : 0)))
  const saved = SAVED.exec(line)
  if (saved !== null) return { type: 'saved', step: Number(saved[1]) + 1 }
  const waiting = WAITING.exec(line)
  if (waiting !== null) {
    const [wanted = 0, registered = 0, free = 0] = waiting.slice(1).map(Number)
    return { type: 'waiting', wanted, registered, free }
  }
  const versions = VERSIONS.exec(line)
  return versions === null ? null : readVersions(versions[1] ?? '')
}

function readStep([, number, figures = '']: RegExpExecArray, before: string): LogEvent | null {
  const loss = LOSS.exec(figures)?.[1]
  if (loss === undefined) return null
  const rate = pythonNumber(RATE.exec(figures)?.[1] ?? 'nan')
  const step = Number(number) + 1
  const at = secondsIn(before)
  return {
    ...{ type: 'step', step, loss: pythonNumber(loss) },
    ...(Number.isFinite(rate) && { nextRate: rate }),
    ...(Number.isFinite(at) && { at }),
  }
}

/** What the line's own clock shows, as if it were UTC: only differences count. */
function secondsIn(before: string): number {
  const [, day = '', time = ''] = TIME.exec(before) ?? []
  return Date.parse(`${day}T${time}Z`) / 1000
}

/** `nan`, `inf` and what numpy prints around a number (`np.float64(0.5)`) included. */
function pythonNumber(text: string): number {
  const bare = text
    .trim()
    .replace(/^[\w.]+\((.*)\)?$/, '$1')
    .replace(/\)$/, '')
  if (/^-?inf/.test(bare)) return bare.startsWith('-') ? -Infinity : Infinity
  return bare === '' ? NaN : Number(bare)
}

function readVersions(text: string): LogEvent | null {
  try {
    const parsed = Versions.safeParse(JSON.parse(text))
    return parsed.success ? { type: 'versions', versions: parsed.data } : null
  } catch {
    return null
  }
}
