/** An evaluation as a log of Inspect AI: an archive that its viewer reads in pieces, or one JSON document. */
import { done, type Result, type Trial } from '../../../../nouns/index.js'
import { ZipWriter } from '../../../../shared/zip/index.js'
import type { ExportSource } from '../source.js'
import { headerFor } from './header.js'
import { Losses } from './lost.js'
import { sampleFor, sampleId, type TrialConversation } from './sample.js'

export type { TrialConversation } from './sample.js'

export interface InspectExport {
  readonly source: ExportSource
  readonly as: 'eval' | 'json'
  /** Takes the file piece after piece. */
  readonly write: (bytes: string | Uint8Array) => Promise<Result<void>>
  /** A trial's conversation; null where it left none. */
  readonly conversationOf: (trial: Trial) => Promise<Result<TrialConversation | null>>
  /** Names the file in failures. */
  readonly where: string
}

/** A field that the log has no place for, and in how many places it was. */
export interface NotCarried {
  readonly field: string
  readonly places: number
}

type Log = ReturnType<typeof headerFor>
type MadeSample = ReturnType<typeof sampleFor>

/** What becomes of the parts of a log, in the order in which they come. */
interface LogWriter {
  begin(log: Log): Promise<Result<void>>
  sample(made: MadeSample): Promise<Result<void>>
  end(log: Log): Promise<Result<void>>
}

/** Writes a log, one trial in memory at a time, and tells what it could not carry. */
export async function writeInspectLog(request: InspectExport): Promise<Result<NotCarried[]>> {
  const { source, conversationOf } = request
  const writer = request.as === 'eval' ? archive(request) : document(request)
  const several = new Set(source.trials.filter(({ subtask }) => subtask > 1).map(({ task }) => task))
  const idOf = (trial: Trial): string => sampleId(trial, several.has(trial.task))
  const losses = new Losses()
  const begun = await begunAt(request)
  if (!begun.ok) return begun
  const log = headerFor(source, [...new Set(source.trials.map(idOf))], begun.value)
  const opened = await writer.begin(log)
  if (!opened.ok) return opened
  for (const trial of source.trials) {
    const conversation = await conversationOf(trial)
    if (!conversation.ok) return conversation
    const parts = { id: idOf(trial), source, conversation: conversation.value }
    const written = await writer.sample(sampleFor(trial, parts, losses))
    if (!written.ok) return written
  }
  const ended = await writer.end(log)
  return ended.ok ? done(losses.all()) : ended
}

/** When the first trial was made; undefined where no conversation says it. */
async function begunAt({ source, conversationOf }: InspectExport): Promise<Result<string | undefined>> {
  const first = source.trials.find(({ trial, trajectory }) => trial === 1 && trajectory !== null)
  if (first === undefined) return done(undefined)
  const conversation = await conversationOf(first)
  return conversation.ok ? done(conversation.value?.created) : conversation
}

function archive({ write, where }: InspectExport): LogWriter {
  const zip = new ZipWriter(where, write)
  const summaries: unknown[] = []
  return {
    begin: ({ start }) => zip.add('_journal/start.json', JSON.stringify(start)),
    sample: ({ sample, summary }) => {
      summaries.push(summary)
      return zip.add(`samples/${sample.id}_epoch_${sample.epoch}.json`, JSON.stringify(sample))
    },
    end: async ({ header }) => {
      const steps = [
        () => zip.add('_journal/summaries/1.json', JSON.stringify(summaries)),
        () => zip.add('summaries.json', JSON.stringify(summaries)),
        () => zip.add('header.json', JSON.stringify(header)),
        () => zip.finish(),
      ]
      for (const step of steps) {
        const written = await step()
        if (!written.ok) return written
      }
      return done(undefined)
    },
  }
}

/** Samples stand last: whoever wants the header alone need not read them. */
function document({ write }: InspectExport): LogWriter {
  let before = ''
  return {
    begin: ({ header }) => write(`${JSON.stringify(header).slice(0, -1)},"samples":[`),
    sample: ({ sample }) => {
      const text = `${before}${JSON.stringify(sample)}`
      before = ',\n'
      return write(text)
    },
    end: () => write(']}\n'),
  }
}
