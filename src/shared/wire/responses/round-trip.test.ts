import { it } from 'vitest'
import { comesBack, isCutCleanly, takesAnything } from '../testing/round-trip.js'
import { responses } from './index.js'

it('whatever a model says comes back from a stream and from a document', () => {
  comesBack(responses)
})

it('a stream cut at any byte gives the beginning of what was said, and says that it was cut', () => {
  isCutCleanly(responses, '}\n\n'.length)
}, 60_000)

it('a document cut anywhere, and whatever else comes, is read', () => {
  takesAnything(responses)
})
