import type { DatasetExporter } from '../exporter.js'
import { reasoningLeftOut, stopTrains } from './finders.js'
import { changed, messageLines, type Fields } from './lines.js'

/**
 * Lines of OpenAI's supervised fine-tuning: `messages`, `tools`, `parallel_tool_calls` (OpenAI's API specification 2.3.0,
 * `FineTuneChatRequestInput`). `weight`, 0 or 1, says of each assistant message whether it trains
 * (`FineTuneChatCompletionRequestAssistantMessage`). Nothing else of a message has a place, reasoning among it.
 * `parallel_tool_calls` is true, which is what a request has that does not name it.
 */
export const openaiFineTuningExport: DatasetExporter = {
  format: 'openai-ft',
  writer: 'openai-messages',
  fileName: (dataset) => `${dataset}.openai-ft.jsonl`,
  encoder: () => messageLines(changed(asExample), [stopTrains, reasoningLeftOut]),
  advice: ({ samples }) => [
    ...(samples < 10 ? [`OpenAI asks for 10 examples at least, and these are ${samples}`] : []),
    'OpenAI tokenises messages by a template of its own, which nobody else sees: ids and masks are not known',
  ],
}

const KNOWN = ['role', 'content', 'name', 'tool_calls', 'tool_call_id', 'weight']

function asExample({ messages, tools }: Fields): Fields {
  return {
    messages: (messages as readonly Fields[]).map(asMessage),
    ...(tools === undefined ? {} : { tools, parallel_tool_calls: true }),
  }
}

/** A message that only calls has no content, which is null there. */
function asMessage(message: Fields): Fields {
  const known = Object.fromEntries(KNOWN.filter((name) => name in message).map((name) => [name, message[name]]))
  return known['content'] === '' && 'tool_calls' in known ? { ...known, content: null } : known
}
