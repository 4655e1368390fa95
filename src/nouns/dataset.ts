import { z } from 'zod'
import { Manifest } from './made.js'

/** One line of `samples.jsonl`. `labels[i]` is `input_ids[i]` or −100, not shifted; both have the same length. */
export const Sample = z.object({
  id: z.string(),
  trajectory: z.string(),
  input_ids: z.array(z.number().int().nonnegative()),
  labels: z.array(z.number().int()),
})
export type Sample = z.infer<typeof Sample>

/** What one message put into the rendering: a half-open range of UTF-16 code units that trains. */
export const Span = z.object({
  message: z.string(),
  start: z.number().int(),
  end: z.number().int(),
  tokens: z.number().int(),
})
export type Span = z.infer<typeof Span>

/** Messages of a thread in their order: all from one through another, both named by id. */
export const MessageRun = z.object({ from: z.string(), to: z.string() })
export type MessageRun = z.infer<typeof MessageRun>

export const SampleProof = z.object({
  id: z.string(),
  trajectory: z.string(),
  /** The thread whose messages it shows, and which of them: all, a beginning, or a window with what it repeats. */
  thread: z.string().optional(),
  messages: z.array(MessageRun).optional(),
  /** SHA-256 of the rendered text, UTF-8. */
  textDigest: z.string(),
  /** SHA-256 of the ids and labels as JSON arrays. */
  idsDigest: z.string(),
  labelsDigest: z.string(),
  tokens: z.number().int(),
  trainedTokens: z.number().int(),
  spans: z.array(Span),
  checks: z.record(z.string(), z.boolean()),
})
export type SampleProof = z.infer<typeof SampleProof>

/** Lets a reader check the dataset without trusting the code that made it. */
export const DatasetProof = z.object({
  format: z.literal('limi.proof/1'),
  status: z.enum(['ok', 'failed']),
  templateDigest: z.string(),
  tokenizerDigest: z.string(),
  samples: z.array(SampleProof),
})
export type DatasetProof = z.infer<typeof DatasetProof>

/** Figures over some samples; lengths in tokens. */
export const SampleFigures = z.object({
  samples: z.number().int(),
  tokens: z.number().int(),
  trainedTokens: z.number().int(),
  /** Of all tokens, 0–1. */
  trainedShare: z.number(),
  meanTokens: z.number(),
  /** The shortest length that half of the samples do not exceed. */
  medianTokens: z.number(),
  maxTokens: z.number().int(),
})
export type SampleFigures = z.infer<typeof SampleFigures>

/** `datasets/<name>/manifest.json`, written last. */
export const DatasetManifest = Manifest.extend({
  kind: z.literal('dataset'),
  model: z.string(),
  selection: z.string(),
  samples: z.number().int(),
  tokens: z.number().int(),
  trainedTokens: z.number().int(),
  maxTokens: z.number().int(),
  excluded: z.array(z.object({ trajectory: z.string(), reason: z.string() })),
  proof: z.enum(['ok', 'failed']),
})
export type DatasetManifest = z.infer<typeof DatasetManifest>
