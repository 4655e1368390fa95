import type { Message } from '../../../../nouns/index.js'
import type { Oddities } from '../oddities.js'
import { reasoningKind } from '../../../../shared/wire/index.js'

const FIELDS = ['reasoning_content', 'reasoning', 'thinking'] as const

/** Where the export of limi says what the model's name would not. */
const KIND = 'reasoning_kind'

interface Found {
  readonly reasoning?: Message['reasoning']
  /** The message's other fields; a second text that says something else stays among them. */
  readonly rest: Readonly<Record<string, unknown>>
}

/** The model's reasoning under any of the names that servers give it (DeepSeek and vLLM; OpenRouter; Ollama). */
export function reasoningIn(
  given: Readonly<Record<string, unknown>>,
  model: string | undefined,
  oddities: Oddities,
): Found {
  const { [KIND]: kind, ...others } = given
  const isKind = kind === 'full' || kind === 'summary'
  const fields = isKind ? others : given
  const named = FIELDS.filter((name) => typeof fields[name] === 'string')
  const [first] = named.filter((name) => fields[name] !== '').concat(named)
  if (first === undefined) return { rest: given }
  const text = fields[first] as string
  if (first !== FIELDS[0]) oddities.count('renamed-reasoning')
  const rest = Object.entries(fields).filter(([name, value]) => !(named.some((one) => one === name) && value === text))
  return { reasoning: { text, kind: isKind ? kind : reasoningKind({ model }) }, rest: Object.fromEntries(rest) }
}
