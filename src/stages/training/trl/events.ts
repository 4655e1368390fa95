import { z } from 'zod'

const Point = z.object({ step: z.number(), loss: z.number(), learning_rate: z.number().nullable() })
const HeldOut = z.object({ step: z.number(), loss: z.number() })

/** One line from `python/run_sft.py`, whose docstring is the format's source. */
export const SftEvent = z.discriminatedUnion('event', [
  z.object({
    event: z.literal('start'),
    steps: z.number(),
    from: z.number(),
    threads: z.number(),
    device: z.string(),
  }),
  Point.extend({ event: z.literal('step'), tokens: z.number(), memory: z.number().optional() }),
  z.object({ event: z.literal('alive') }),
  HeldOut.extend({ event: z.literal('held-out') }),
  z.object({ event: z.literal('saved'), step: z.number() }),
  z.object({ event: z.literal('stopped-early'), step: z.number(), best: z.number() }),
  z.object({
    event: z.literal('end'),
    steps: z.number(),
    tokens: z.number(),
    curve: z.array(Point),
    held_out: z.array(HeldOut).optional(),
  }),
  z.object({ event: z.literal('interrupted'), step: z.number() }),
  z.object({ event: z.literal('failed'), code: z.string(), message: z.string(), step: z.number().nullable() }),
])
export type SftEvent = z.infer<typeof SftEvent>

/** Null for a line that is no event of ours, for example one cut by a kill. */
export function parseEvent(line: string): SftEvent | null {
  try {
    const parsed = SftEvent.safeParse(JSON.parse(line))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}
