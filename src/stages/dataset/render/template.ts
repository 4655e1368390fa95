import { done, failed, type Failure, type Result } from '../../../nouns/index.js'
import type { ChatMessage, ToolDefinition } from '../conversation/index.js'
import { EngineError, openTemplate, type Template } from './engine/index.js'

export interface RenderInput {
  readonly messages: readonly ChatMessage[]
  readonly tools: readonly ToolDefinition[] | null
  readonly generationPrompt?: boolean
  /** Special tokens by name, and the marks. */
  readonly variables: Readonly<Record<string, unknown>>
  /** What `strftime_now` prints, in UTC; a template that calls it is refused without. */
  readonly now?: Date | null
}

export interface CompiledTemplate {
  render(input: RenderInput): Result<string>
}

/**
 * Reads a chat template, to print what transformers prints by it. Failures: `template.unreadable`; on rendering `template.refused` (Jinja would
 * refuse too), `template.time` (it prints the date and none is known), `value.prints-differently` (what Jinja prints is not known for certain),
 * `text.invalid`.
 */
export function compileTemplate(source: string): Result<CompiledTemplate> {
  const template = attempt(() => openTemplate(source))
  if (!template.ok) return template
  return done({ render: (input) => attempt(() => renderWith(template.value, input)) })
}

/** Variables as transformers gives them: `tools` and `documents` are there and null where not given. */
function renderWith(template: Template, input: RenderInput): string {
  const variables = {
    ...input.variables,
    messages: input.messages.map(withReasoningNames),
    tools: input.tools,
    documents: null,
    add_generation_prompt: input.generationPrompt ?? false,
  }
  return template.render(variables, input.now ?? null)
}

/** Older names of reasoning: transformers (5.23) gives it as `thinking` too, which gpt-oss's template reads, and before all other fields. */
const REASONING_NAMES = ['reasoning_content', 'thinking', 'reasoning']
const renamed = new WeakMap<ChatMessage, object>()

function withReasoningNames(message: ChatMessage): object {
  const before = renamed.get(message)
  if (before !== undefined) return before
  const fields = new Map(Object.entries(message))
  const reasoning: unknown = REASONING_NAMES.map((name): unknown => fields.get(name)).find((each) => each != null)
  const made = reasoning == null ? message : { thinking: reasoning, ...message, reasoning_content: reasoning }
  renamed.set(message, made)
  return made
}

function attempt<T>(work: () => T): Result<T> {
  try {
    return done(work())
  } catch (error) {
    if (error instanceof EngineError) return failed(asFailure(error))
    throw error
  }
}

const LEAVE_OUT = 'leave this trajectory out of the selection'

const SAID: Readonly<Record<EngineError['code'], readonly [string, string]>> = {
  'template.unreadable': [
    'the chat template cannot be read',
    'check it with transformers; if it renders there, report it: the template engine here lacks something',
  ],
  'template.refused': [
    'the chat template refuses this conversation',
    `${LEAVE_OUT}, or take a model whose template takes it`,
  ],
  'template.time': ['no date to print', `${LEAVE_OUT}, or put a fixed date into a copy of the template`],
  'value.prints-differently': ['what the model’s own template engine prints here is not known for certain', LEAVE_OUT],
  'text.invalid': ['the text cannot be tokenised', LEAVE_OUT],
}

function asFailure({ code, message, line }: EngineError): Failure {
  const [what, remedy] = SAID[code]
  const where = line === undefined ? {} : { where: `line ${line} of the chat template` }
  return { kind: 'input', code, message: `${what}: ${message}`, remedy, ...where }
}
