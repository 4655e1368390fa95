import { done, failed, type Result } from '../../../nouns/index.js'
import type { Conversation } from '../conversation/index.js'
import type { ModelFiles } from '../model-files.js'
import { renderBoth, type MarkedTemplate, type Rendered, type Templates } from './marked.js'
import { markTemplate } from './recognise.js'
import { compileTemplate } from './template.js'
import { printFirst, turnsIn, type Turn } from './turns.js'
import { markUnknown, renderUnknown } from './unknown/index.js'

export interface Renderer {
  readonly family: MarkedTemplate
  /** Renders the whole conversation once by the marked template and once by the original. */
  render(conversation: Conversation): Result<Rendered>
  /** Where each assistant message lies in the rendering of this conversation, by the model's own template alone. */
  turns(conversation: Conversation, whole: string): readonly Turn[]
  /** What the model's own template alone prints of the first `count` messages, with the prompt to speak or without. */
  print(conversation: Conversation, count: number, generationPrompt: boolean): Result<string>
}

/** Prepares a model's chat template; one of no known family is proved for each conversation. Failures: `template.unreadable`, `template.unproved`. */
export function openRenderer(files: ModelFiles, withTools = false): Result<Renderer> {
  const source = (withTools ? files.templates.tool_use : undefined) ?? files.templates.default
  const original = compileTemplate(source)
  if (!original.ok) return original
  const known = markTemplate(source, original.value, files.specialTokens)
  if (known.ok) return done(rendererBy(renderBoth, known.value))
  const unknown =
    known.failure.code === 'template.unknown'
      ? markUnknown(source, original.value, files.specialTokens, files.stops ?? [])
      : known
  return unknown.ok
    ? done(rendererBy(renderUnknown, unknown.value))
    : failed({ ...unknown.failure, where: files.folder })
}

const rendererBy = (render: typeof renderBoth, templates: Templates): Renderer => ({
  family: templates.family,
  render: (conversation) => render(templates, conversation),
  turns: (conversation, whole) => turnsIn(templates, conversation, whole),
  print: (conversation, count, generationPrompt) => printFirst(templates, conversation, count, generationPrompt),
})
