import { it } from 'vitest'
import { comesBack, isCutCleanly, REQUEST, takesAnything } from '../testing/round-trip.js'
import { chatCompletions } from './index.js'

const counting = { ...REQUEST, params: { stream_options: { include_usage: true } } }

it('whatever a model says comes back from a stream and from a document', () => {
  comesBack(chatCompletions, counting)
})

it('a stream cut at any byte gives the beginning of what was said, and says that it was cut', () => {
  isCutCleanly(chatCompletions, '[DONE]\n\n'.length)
}, 60_000)

it('a document cut anywhere, and whatever else comes, is read', () => {
  takesAnything(chatCompletions)
})
