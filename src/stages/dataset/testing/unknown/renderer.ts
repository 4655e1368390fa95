import { done, type Result } from '../../../../nouns/index.js'
import type { Renderer } from '../../render/index.js'
import { compileTemplate } from '../../render/template.js'
import { printFirst, turnsIn } from '../../render/turns.js'
import { markUnknown, renderUnknown } from '../../render/unknown/index.js'

/** A template taken as unknown, whatever it is. */
export function unknownRenderer(
  source: string,
  stops: readonly string[],
  variables: Readonly<Record<string, string>>,
): Result<Renderer> {
  const original = compileTemplate(source)
  if (!original.ok) return original
  const marked = markUnknown(source, original.value, variables, stops)
  if (!marked.ok) return marked
  const templates = marked.value
  return done({
    family: templates.family,
    render: (conversation) => renderUnknown(templates, conversation),
    turns: (conversation, whole) => turnsIn(templates, conversation, whole),
    print: (conversation, count, generationPrompt) => printFirst(templates, conversation, count, generationPrompt),
  })
}
