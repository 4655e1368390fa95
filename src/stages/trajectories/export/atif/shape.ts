import { z } from 'zod'
import { fieldsOf, type Fields } from '../../import/values.js'

/** Harbor's models refuse unknown fields and wrong types: src/harbor/models/trajectories. What does not fit stays under `limi`. */
const Int = z.number().int()
const Extra = z.record(z.string(), z.unknown())
const Text = z.string()

export const METRICS = {
  prompt_tokens: Int,
  completion_tokens: Int,
  cached_tokens: Int,
  cost_usd: z.number(),
  prompt_token_ids: z.array(Int),
  completion_token_ids: z.array(Int),
  logprobs: z.array(z.number()),
  extra: Extra,
}

export const FINAL_METRICS = {
  total_prompt_tokens: Int,
  total_completion_tokens: Int,
  total_cached_tokens: Int,
  total_cost_usd: z.number(),
  total_steps: Int.nonnegative(),
  extra: Extra,
}

export const AGENT = { name: Text, version: Text, model_name: Text, extra: Extra }
export const ROOT = { session_id: Text, trajectory_id: Text, notes: Text, continued_trajectory_ref: Text, extra: Extra }
export const STEP = { llm_call_count: Int.nonnegative(), extra: Extra }
export const EXTRA_ONLY = { extra: Extra }

const Ref = z
  .strictObject({
    trajectory_id: Text.optional(),
    session_id: Text.optional(),
    trajectory_path: Text.optional(),
    extra: Extra.optional(),
  })
  .refine((ref) => ref.trajectory_id !== undefined || ref.trajectory_path !== undefined)

export const RESULT = { extra: Extra, subagent_trajectory_ref: z.array(Ref) }

const ImageSource = z.strictObject({
  media_type: z.enum(['image/jpeg', 'image/png', 'image/gif', 'image/webp']),
  path: Text,
})
const AudioSource = z.strictObject({
  media_type: z.enum([
    'audio/wav',
    'audio/mpeg',
    'audio/mp4',
    'audio/aac',
    'audio/ogg',
    'audio/flac',
    'audio/webm',
    'audio/aiff',
  ]),
  path: Text,
  duration_sec: z.number().nonnegative().optional(),
})

/** Content parts: src/harbor/models/trajectories/content.py. */
export const AtifPart = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), text: Text }),
  z.strictObject({ type: z.literal('image'), source: ImageSource }),
  z.strictObject({ type: z.literal('audio'), source: AudioSource }),
])
export type AtifPart = z.infer<typeof AtifPart>

/** Of any value the fields that a shape has a place for, if they fit there. */
export function fitting(value: unknown, shape: Readonly<Record<string, z.ZodType>>): Fields {
  const fields = Object.entries(fieldsOf(value))
  const fit = fields.filter(
    ([key, field]) => Object.hasOwn(shape, key) && shape[key]?.safeParse(field).success === true,
  )
  return wellFormed(Object.fromEntries(fit)) as Fields
}

const LONE_SURROGATE = /\p{Surrogate}/gu

/** JSON may hold halves of characters, which Harbor refuses; here they are replaced. */
export function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(LONE_SURROGATE, '\ufffd')
  if (Array.isArray(value)) return value.map(wellFormed)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [wellFormed(key) as string, wellFormed(inner)]))
}

const TIME = /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)?$/

/** Whether Python's `datetime.fromisoformat` takes it. */
export function isTimestamp(text: string): boolean {
  const [, year, month, day] = (TIME.exec(text) ?? []).map(Number)
  if (year === undefined || year < 1 || month === undefined || day === undefined) return false
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}
