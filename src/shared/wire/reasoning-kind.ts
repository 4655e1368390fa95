export interface Thinker {
  /** With or without its maker's name before it: `anthropic/claude-sonnet-4-5`. */
  readonly model?: string | null
  /** Who served it, where the log says so. */
  readonly provider?: string | null
  /** Whether the text came with a provider's signature, which only hosted models give. */
  readonly signed?: boolean
}

/** Open models, whoever serves them, give out what they thought. Tried first, since a tuned one may be named after its teacher too. */
const OPEN = /deepseek|qwen|qwq|glm|kimi|gpt-oss|mistral|magistral|devstral|minimax|llama|nemotron|gemma|phi-|seed-oss/i
const CLAUDE_IN_FULL = /claude-(?:\w+-)?3(?!\d)/i
const SUMMARISED = /claude|gemini|(?:^|[/:.])o[1-9](?![\d.])|gpt-5|codex/i
const SUMMARISING_PROVIDERS = new Set(['openai', 'google'])

/**
 * Whether text of reasoning is all that the model thought, or its provider's summary. Sources: Anthropic's documentation of extended
 * thinking (Claude 3.7 returns its thinking in full, Claude 4 and later a summary of it); OpenAI's documentation of reasoning models
 * (the o-series and GPT-5 give summaries alone); Google's documentation of Gemini's thinking (`includeThoughts` gives thought summaries).
 * Open models return it in full; a model that is not known is taken to.
 */
export function reasoningKind({ model, provider, signed = false }: Thinker): 'full' | 'summary' {
  const name = model ?? ''
  if (OPEN.test(name) || CLAUDE_IN_FULL.test(name)) return 'full'
  if (SUMMARISED.test(name) || SUMMARISING_PROVIDERS.has(provider ?? '')) return 'summary'
  return signed && (name === '' || name === 'unknown') ? 'summary' : 'full'
}
