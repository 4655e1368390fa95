import { failed, done, type Result } from '../../../nouns/index.js'
import { academiclaw } from './academiclaw/index.js'
import { anthropicMessages } from './anthropic-messages/index.js'
import { atif } from './atif/index.js'
import { claudeCode } from './claude-code/index.js'
import { codex } from './codex/index.js'
import { limiEvents } from './limi-events/index.js'
import type { SourceHead, TrajectoryImporter } from './importer.js'
import { miniSweAgent } from './mini-swe-agent/index.js'
import { geminiCli } from './gemini-cli/index.js'
import { qwenCode } from './qwen-code/index.js'
import { opencode } from './opencode/index.js'
import { openaiMessages } from './openai-messages/index.js'
import { openhands } from './openhands/index.js'
import { recording } from './recording/index.js'
import { sharegpt } from './sharegpt/index.js'
import { pi } from './pi/index.js'
import { sweAgent } from './swe-agent/index.js'
import { tau2 } from './tau2/index.js'

const IMPORTERS: readonly TrajectoryImporter[] = [
  academiclaw,
  anthropicMessages,
  atif,
  claudeCode,
  codex,
  limiEvents,
  openaiMessages,
  sharegpt,
  pi,
  sweAgent,
  miniSweAgent,
  openhands,
  tau2,
  geminiCli,
  qwenCode,
  opencode,
  recording,
]

export const importFormats: readonly string[] = IMPORTERS.map((importer) => importer.format)

/** Endings of file names that some format lies in, lower case. */
export const importExtensions: ReadonlySet<string> = new Set(IMPORTERS.flatMap((importer) => importer.extensions))

/** The importer of a format by name, or for `auto` the one that is surest of a file; null where none is. */
export function chooseImporter(format: string, head: SourceHead): TrajectoryImporter | null {
  if (format !== 'auto') return IMPORTERS.find((importer) => importer.format === format) ?? null
  const rated = IMPORTERS.map((importer) => ({ importer, confidence: importer.detect(head) }))
  const best = rated.sort((a, b) => b.confidence - a.confidence)[0]
  return best !== undefined && best.confidence > 0 ? best.importer : null
}

const SURE = 0.7

/** Another importer that is sure of a file in which the named one sees nothing of its own; null where there is none. */
export function clearlyOther(named: TrajectoryImporter, head: SourceHead): TrajectoryImporter | null {
  if (named.detect(head) > 0) return null
  return IMPORTERS.find((importer) => importer !== named && importer.detect(head) >= SURE) ?? null
}

/** Why a file is none of trajectories, where some format keeps it beside them; null for any other file. */
export function whyCompanion(path: string): string | null {
  const plain = path.replaceAll('\\', '/')
  const companions = IMPORTERS.flatMap((importer) => importer.companions)
  return companions.find((one) => one.path.test(plain))?.why ?? null
}

export function checkFormat(format: string): Result<string> {
  if (format === 'auto' || importFormats.includes(format)) return done(format)
  return failed({
    kind: 'input',
    code: 'import.format',
    message: `no import format is called ${JSON.stringify(format)}`,
    remedy: `one of: auto, ${importFormats.join(', ')}`,
  })
}
