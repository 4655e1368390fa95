import type { StopReason, Usage } from '../../../../nouns/index.js'
import { stopReason } from '../../../../shared/wire/index.js'
import { isCount } from '../values.js'
import type { Tokens } from './record.js'

/** Input without what came from the cache or went to it, output without reasoning; some versions counted reasoning in the output. */
export function usageFrom(tokens: Tokens | null | undefined): { usage?: Usage } {
  if (tokens === null || tokens === undefined) return {}
  const { input, output, total, cache } = tokens
  const [read, write, reasoning] = [cache?.read ?? 0, cache?.write ?? 0, tokens.reasoning ?? 0]
  if (![input, output, read, write, reasoning].every(isCount)) return {}
  const prompt = input + read + write
  const apart = typeof total !== 'number' || total >= prompt + output + reasoning
  return {
    usage: {
      inputTokens: prompt,
      outputTokens: output + (apart ? reasoning : 0),
      cachedInputTokens: read,
      reasoningTokens: reasoning,
    },
  }
}

export const stopOf = (finish: string | null | undefined): { stop?: StopReason } =>
  finish === null || finish === undefined ? {} : { stop: stopReason(finish) }
