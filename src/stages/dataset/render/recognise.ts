import { done, failed, type Result } from '../../../nouns/index.js'
import { isProved } from './battery-proof.js'
import { applyEdits, chatmlCandidates, FAMILIES } from './families/index.js'
import type { MarkedTemplate, Templates } from './marked.js'
import { hasGenerationTags, withMarks } from './marks.js'
import { withLoopMarks } from './own-markers.js'
import { compileTemplate, type CompiledTemplate } from './template.js'

type Variables = Readonly<Record<string, string>>

/**
 * The template with markers: its own where it brings some, else those of the first known family that fits. A family fits where all its
 * anchors are there, and the battery proves that its markers leave the text as it was. An unknown one is `template.unknown`.
 */
export function markTemplate(source: string, original: CompiledTemplate, variables: Variables): Result<Templates> {
  const compile = (family: MarkedTemplate): Result<Templates> => {
    const marked = compileTemplate(withMarks(family.source))
    return marked.ok ? done({ family, original, marked: marked.value, variables }) : marked
  }
  if (hasGenerationTags(source)) {
    return compile({ family: 'own-markers', source: withLoopMarks(source), stops: null, form: {}, nextTags: null })
  }
  for (const candidate of candidatesFor(source, original, variables)) {
    const templates = compile(candidate)
    if (templates.ok && isProved(templates.value)) return templates
  }
  return failed(unknownTemplate)
}

function* candidatesFor(source: string, original: CompiledTemplate, variables: Variables): Generator<MarkedTemplate> {
  for (const { name, edits, stops, form = {}, nextTags = null } of FAMILIES) {
    const marked = applyEdits(source, edits)
    if (marked !== null) yield { family: name, source: marked, stops, form, nextTags }
  }
  const probed = original.render({ messages: [{ role: 'user', content: 'probe' }], tools: null, variables })
  for (const candidate of chatmlCandidates(probed.ok ? probed.value : null)) {
    yield { ...candidate, form: {}, nextTags: null }
  }
}

const unknownTemplate = {
  kind: 'input' as const,
  code: 'template.unknown',
  message: 'this chat template has no {% generation %} markers and prints like no family known here',
  remedy:
    'mark what the assistant emits in the template with {% generation %} … {% endgeneration %}, as transformers reads it',
}
