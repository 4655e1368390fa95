import { it } from 'vitest'
import { comesBack, isCutCleanly, REQUEST, takesAnything } from '../testing/round-trip.js'
import { gemini } from './index.js'

it('whatever a model says comes back from a stream and from a document', () => {
  comesBack(gemini)
})

it('and where Code Assist wraps it', () => {
  comesBack(gemini, { ...REQUEST, params: { project: 'p', request: { session_id: 's' } } })
})

it('a stream cut at any byte gives the beginning of what was said, and says that it was cut', () => {
  isCutCleanly(gemini, '}\n\n'.length)
}, 60_000)

it('a document cut anywhere, and whatever else comes, is read', () => {
  takesAnything(gemini)
})
