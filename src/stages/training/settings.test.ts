import { expect, test } from 'vitest'
import { unwrap } from '../../nouns/index.js'
import { hostedOptions, noSettings, slimeOptions } from './settings.js'

const LAYOUT = { tensor: 2, pipeline: 1, context: 4, expert: 1, tokens: 32768, offload: true }

test('settings are read as what they are, and headers from the environment alone', () => {
  const settings = { address: 'http://head:8265', shared: '/mnt/limi', nodes: '2' }
  const env = { RAY_JOB_HEADERS: '{"Authorization": "Bearer x"}' }
  expect(unwrap(slimeOptions(settings, env))).toEqual({
    ...{ address: 'http://head:8265', shared: '/mnt/limi', nodes: 2, headers: { Authorization: 'Bearer x' } },
  })
  expect(unwrap(slimeOptions({ layout: JSON.stringify(LAYOUT) }, {}))).toMatchObject({ layout: LAYOUT })
  expect(unwrap(slimeOptions({}, {}))).toEqual({ headers: {} })
})

test.each([
  [{ adress: 'http://head:8265' }, /adress: it takes no such setting/],
  [{ address: 'head:8265' }, /address/],
  [{ address: 'http://user:secret@head:8265' }, /password/],
  [{ address: 'notaurl' }, /address/],
  [{ address: 'http://head:8265?key=secret@' }, /query/],
  [{ nodes: 'many' }, /nodes: it is to be a whole number above 0/],
  [{ nodes: '' }, /nodes: it is to be a whole number above 0/],
  [{ nodes: '1.5' }, /nodes: it is to be a whole number above 0/],
  [{ shared: 'relative' }, /shared/],
  [{ headers: 'x' }, /headers/],
  [{ layout: 'wide' }, /layout: a JSON document/],
  [{ layout: '[]' }, /layout: a JSON document/],
  [{ layout: '{"tensor": 0}' }, /layout.tensor: it is to be a whole number above 0/],
  [{ layout: JSON.stringify({ ...LAYOUT, offload: 'no' }) }, /layout.offload: it is to be true or false/],
  [{ layout: JSON.stringify({ ...LAYOUT, wide: 1 }) }, /layout.wide: it takes no such setting/],
])('%j is refused by name', (settings, said) => {
  const refused = slimeOptions(settings, {})
  expect(refused).toMatchObject({ failure: { kind: 'input', code: 'engine.setting' } })
  expect(JSON.stringify(refused)).toMatch(said)
  expect(JSON.stringify(refused)).not.toMatch(/secret@|Invalid input|expected/)
})

test('headers that cannot be read are refused, and no engine is told what it does not know', () => {
  expect(slimeOptions({}, { RAY_JOB_HEADERS: 'x' })).toMatchObject({ failure: { where: 'RAY_JOB_HEADERS' } })
  expect(noSettings('trl', { address: 'http://x' })).toMatchObject({ failure: { code: 'engine.setting' } })
  expect(noSettings('trl', {}).ok).toBe(true)
})

test('hosted without an address says which setting, where it is put, and how it looks', () => {
  const refused = hostedOptions({ model: 'm' }, {})
  expect(refused).toMatchObject({ failure: { kind: 'input', code: 'engine.setting', where: '--engine-setting' } })
  expect(JSON.stringify(refused)).toMatch(/needs baseUrl.*--engine-setting baseUrl=https:.*limi\.yaml/)
  expect(JSON.stringify(refused)).not.toContain('undefined')
  expect(hostedOptions({ model: 'm', baseUrl: 'https://service.example/v1' }, {}).ok).toBe(true)
})
