import { expect, it } from 'vitest'
import { comesBack, isCutCleanly, REQUEST, takesAnything } from '../testing/round-trip.js'
import { HEAD } from '../testing/spoken.js'
import { gemini } from './index.js'

it('whatever a model says comes back from a stream and from a document', () => {
  comesBack(gemini)
})

it('and where Code Assist wraps it', () => {
  comesBack(gemini, { ...REQUEST, params: { project: 'p', request: { session_id: 's' } } })
})

it('and as a list, where no events are asked for', () => {
  const operation = gemini.operation('POST', '/v1beta/models/m:streamGenerateContent', 'key=x')
  expect(operation).toMatchObject({ list: true })
  expect(gemini.operation('POST', '/v1beta/models/m:streamGenerateContent', 'alt=sse&key=x')).not.toHaveProperty('list')
  const request = { ...REQUEST, list: true }
  comesBack(gemini, request)
  const writer = gemini.streamWriter(HEAD, request)
  const begun = `${writer.begin()}${writer.idle()}${writer.event({ type: 'text', text: 'half' })}${writer.idle()}`
  const failed = begun + writer.fail({ status: 503, code: 'c', message: 'Busy' })
  expect(JSON.parse(failed)).toMatchObject([{ candidates: [{}] }, { error: { code: 503, status: 'UNAVAILABLE' } }])
  expect(gemini.readResponse(failed, 200)).toMatchObject({ message: { content: 'half' }, complete: false })
})

it('a stream cut at any byte gives the beginning of what was said, and says that it was cut', () => {
  isCutCleanly(gemini, '}\n\n'.length)
}, 60_000)

it('a document cut anywhere, and whatever else comes, is read', () => {
  takesAnything(gemini)
})
