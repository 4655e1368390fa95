import { expect, it } from 'vitest'
import { Oddities } from './oddities.js'
import { openaiCall, restOfOpenaiCall } from './openai-call.js'

it('a call with every field of the API has its own id and exact arguments, and nothing is left over', () => {
  const oddities = new Oddities()
  const call = { id: 'c1', type: 'function', function: { name: 'f', arguments: '{"a":  1}' } }
  expect(openaiCall(call, 'made', oddities)).toEqual({ id: 'c1', name: 'f', arguments: '{"a":  1}' })
  expect(restOfOpenaiCall(call)).toEqual({})
  expect(oddities.counts()).toEqual({})
})

it('a call without id is counted, and fields of other programs are left over', () => {
  const oddities = new Oddities()
  const call = { index: 0, type: 'custom', function: { name: 'f', arguments: '{}', strict: true } }
  expect(openaiCall(call, 'made', oddities)).toEqual({ id: 'made', name: 'f', arguments: '{}' })
  expect(restOfOpenaiCall(call)).toEqual({ index: 0, type: 'custom', function: { strict: true } })
  expect(oddities.counts()).toEqual({ 'missing-call-id': 1 })
})

it('a value that is no call at all gives an empty one', () => {
  const oddities = new Oddities()
  expect(openaiCall('x', 'made', oddities)).toEqual({ id: 'made', name: '', arguments: '' })
  expect(oddities.counts()).toEqual({ 'missing-arguments': 1, 'missing-call-id': 1 })
})
