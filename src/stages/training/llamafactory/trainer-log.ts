import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { z } from 'zod'

const Line = z.object({
  current_steps: z.number().int(),
  total_steps: z.number().int(),
  /** Null: not a finite number. */
  loss: z.number().nullish(),
  eval_loss: z.number().nullish(),
  lr: z.number().nullish(),
  epoch: z.number().nullish(),
  /** Since training began, in whole seconds: `1 day, 2:03:04`, as Python prints a `timedelta`. */
  elapsed_time: z.string().nullish(),
})

/** A line of LLaMA-Factory's `trainer_log.jsonl` (its `LogCallback`). */
export type TrainerLine = z.infer<typeof Line>

/** Null for what is no line of it, for example one that was cut. */
export function parseLine(text: string): TrainerLine | null {
  try {
    // Python writes what is no finite number in words that are no JSON.
    return Line.safeParse(JSON.parse(text.replace(/: (NaN|-?Infinity)(?=[,}])/g, ': null'))).data ?? null
  } catch {
    return null
  }
}

/** Seconds; null where it says none. */
export function elapsedIn({ elapsed_time: text }: TrainerLine): number | null {
  const [, days = '0', hours, minutes, seconds] = /^(?:(\d+) days?, )?(\d+):(\d\d):(\d\d)$/.exec(text ?? '') ?? []
  if (hours === undefined) return null
  return ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)
}

/** Reads what was appended to a file since the last time, in whole lines. The file may not be there yet. */
export class Tail {
  private rest = ''

  constructor(
    private readonly file: string,
    private offset: number,
  ) {}

  read(): readonly string[] {
    const lines = (this.rest + this.appended()).split('\n')
    this.rest = lines.pop() ?? ''
    return lines
  }

  private appended(): string {
    let handle: number
    try {
      handle = openSync(this.file, 'r')
    } catch {
      return ''
    }
    try {
      const size = fstatSync(handle).size - this.offset
      if (size <= 0) return ''
      const bytes = Buffer.alloc(size)
      this.offset += readSync(handle, bytes, 0, size, this.offset)
      return bytes.toString('utf8')
    } finally {
      closeSync(handle)
    }
  }
}
